// A thousand damaged copies of the public pcapng captures: each is read without a finding of a sanitizer, the account
// of its frames closes, and what stands before the first changed byte is read as if nothing had happened.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

namespace fs = std::filesystem;

constexpr int kCopies = 1000;
constexpr std::uintmax_t kMostBytes = 100'000;  // of a capture: the work is in the blocks, not in their number

struct Capture {
  std::string name;
  Bytes bytes;
};

// By name: the same copies on every machine.
std::vector<Capture> pcapng_captures() {
  std::vector<Capture> captures;
  for (const char* folder : {"captures", "captures2", "cases"}) {
    for (const fs::directory_entry& entry : fs::directory_iterator(fs::path(FLOWGAUGE_SHARED_DIR) / folder)) {
      if (!entry.is_regular_file() || entry.file_size() > kMostBytes || entry.file_size() < 12) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      Bytes bytes{std::istreambuf_iterator<char>(file), {}};
      if (!std::equal(bytes.begin(), bytes.begin() + 4, std::array{0x0a, 0x0d, 0x0d, 0x0a}.begin())) continue;
      captures.push_back({entry.path().filename().string(), std::move(bytes)});
    }
  }
  std::ranges::sort(captures, {}, &Capture::name);
  return captures;
}

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  // Changes the bytes and returns the first place that is not as it was.
  std::size_t apply(Bytes& bytes) {
    const Bytes before = bytes;
    for (std::size_t count = std::array{1, 1, 2, 5, 20}[below(5)]; count > 0 && bytes.size() >= 12; --count)
      once(bytes);
    const auto [changed, original] = std::ranges::mismatch(bytes, before);
    return static_cast<std::size_t>(changed - bytes.begin());
  }

 private:
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  void once(Bytes& bytes) {
    const std::size_t at = below(bytes.size() - 4);
    switch (below(8)) {
      case 0:
        bytes.resize(at + 1);
        break;
      case 1:  // a piece is lost, as often as not a whole number of words
        bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    bytes.begin() + static_cast<std::ptrdiff_t>(at + 1 + below(4)));
        break;
      case 2:  // a piece stands there twice
        append(bytes, Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end()));
        break;
      case 3:
        bytes[at] = static_cast<std::uint8_t>(random_());
        break;
      case 4:
        bytes[at] ^= static_cast<std::uint8_t>(1 << below(8));
        break;
      default:
        put_word(bytes, at / 4 * 4);
    }
  }

  // Lengths, kinds and numbers of interfaces are words; these are the ones at which readers err.
  void put_word(Bytes& bytes, std::size_t at) {
    const std::uint32_t size = static_cast<std::uint32_t>(bytes.size() - at);
    const std::array words{0U,          1U,          4U,          8U,         11U,         12U,         16U,
                           20U,         24U,         28U,         32U,        0x7fffffffU, 0x80000000U, 0xfffffffcU,
                           0xffffffffU, 0x01000000U, size,        size + 4U,  size - 4U,   2U,          3U,
                           5U,          6U,          0x0a0d0d0aU, 0x1a2b3c4dU};
    std::uint32_t word = words[below(words.size())];
    if (below(2) == 0) word = std::byteswap(word);
    std::memcpy(bytes.data() + at, &word, sizeof word);
  }

  std::mt19937 random_;
};

bool alike(const packet_event& a, const packet_event& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

TEST(DamagedCopies, OfPcapngCapturesAreReadUpToTheDamage) {
  if (!fs::is_directory(fs::path(FLOWGAUGE_SHARED_DIR) / "captures2")) GTEST_SKIP() << "no public captures";
  const std::vector<Capture> captures = pcapng_captures();
  ASSERT_GT(captures.size(), 40);
  const TempFolder folder;
  std::size_t damaged = 0;
  for (int copy = 0; copy < kCopies; ++copy) {
    const Capture& capture = captures[static_cast<std::size_t>(copy) % captures.size()];
    Bytes bytes = capture.bytes;
    const std::size_t whole = Damage(static_cast<unsigned>(copy)).apply(bytes);
    const SourceRun before = run(std::vector{folder.write("before", first(capture.bytes, whole))});
    const SourceRun found = run(std::vector{folder.write("copy", bytes)});  // run() compares the account's sums
    damaged += found.problems.size();
    EXPECT_LE(found.problems.size(), 1);
    for (const ExitCode code : found.codes) EXPECT_EQ(code, ExitCode::kInput);
    ASSERT_GE(found.events.size(), before.events.size());
    EXPECT_TRUE(std::equal(before.events.begin(), before.events.end(), found.events.begin(), alike));
    ASSERT_FALSE(HasFailure()) << capture.name << ", copy " << copy << ", changed from byte " << whole
                               << " on: " << testing::PrintToString(found.problems);
  }
  EXPECT_GT(damaged, kCopies / 3);
  EXPECT_LT(damaged, kCopies);
}

}  // namespace
}  // namespace flowgauge::test
