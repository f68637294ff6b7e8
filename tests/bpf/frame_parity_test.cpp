// Every frame of the public captures and of the cases, parsed in the kernel and in user space: the same event, byte for
// byte, or the same reason. The parser's XDP build takes every frame; the capture program itself, as it is attached to
// Ethernet interfaces, what a test run of tc takes. What is left out is counted and compared with a list.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/ingest/capture_file.h"
#include "core/live/ebpf/ring_reader.h"
#include "core/packet/ledger.h"
#include "core/packet/parse/copied.h"
#include "tests/bpf/check_program.h"
#include "tests/bpf/loaded_capture.h"
#include "tests/support/event_text.h"
#include "tests/support/link_frames.h"

namespace flowgauge::test {
namespace {

namespace fs = std::filesystem;

const fs::path kShared = FLOWGAUGE_SHARED_DIR;
constexpr std::array<const char*, 3> kFolders{"captures", "captures2", "cases"};
const fs::path kGolden = fs::path(FLOWGAUGE_SOURCE_DIR) / "tests/bpf/frame_parity.golden";

constexpr std::uint32_t kLongest = 65'000;   // a test run gives an XDP program that knows of fragments 17 pages
constexpr std::uint32_t kLongestTc = 3'500;  // and tc's one, with room before and behind
constexpr std::uint32_t kShortest = 14;      // no test run takes less
constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kPayload = 24;

enum Column : std::uint8_t {
  kXdpAlike,
  kTcAlike,
  kTcTooLong,
  kTcRefused,      // by the kernel: an Ethernet type of IP before less than an IP header
  kTcNotEthernet,  // the capture program is loaded for Ethernet
  kTooShort,
  kTooLong,
  kColumns
};
constexpr std::array<const char*, kColumns> kColumnNames{"xdp",           "tc",        "tc_too_long", "tc_refused",
                                                         "tc_other_link", "too_short", "too_long"};
using Counts = std::array<std::uint64_t, kColumns>;

struct Outcome {
  packet_reason reason;
  packet_event event;
};

// Without what differs by design: time, interface, direction, and what user space fills in later.
Outcome masked(packet_reason reason, packet_event event) {
  if (reason != PACKET_ACCEPTED) return {reason, {}};
  event.timestamp_ns = 0;
  event.interface = event.key_interface = 0;
  event.partition = 0;
  event.marks &= static_cast<std::uint8_t>(~PACKET_EGRESS);
  return {reason, event};
}

bool alike(const Outcome& a, const Outcome& b) {
  return a.reason == b.reason && std::memcmp(&a.event, &b.event, sizeof a.event) == 0;
}

std::string text(const Outcome& outcome) {
  return std::string(reason_name(outcome.reason)) + "\n" + event_text(outcome.event);
}

// The golden list: a line per capture, a column per count.
std::string listed(const std::map<std::string, Counts>& found) {
  std::ostringstream list;
  list << "capture";
  for (const char* name : kColumnNames) list << '\t' << name;
  list << '\n';
  for (const auto& [name, counts] : found) {
    list << name;
    for (const std::uint64_t count : counts) list << '\t' << count;
    list << '\n';
  }
  return list.str();
}

class FrameParity : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* folder : kFolders) {
      if (!fs::is_directory(kShared / folder)) GTEST_SKIP() << "no captures at " << kShared / folder;
    }
    if (tc_.is_forbidden()) GTEST_SKIP() << "this machine may not load kernel programs: " << tc_.why();
    ASSERT_TRUE(tc_.is_loaded()) << tc_.why();
    ASSERT_TRUE(with_bytes_.is_loaded()) << with_bytes_.why();
    CheckProgram::Refusal refusal;
    xdp_ = CheckProgram::load(PARSE_CHECK_OBJECT, refusal);
    ASSERT_TRUE(xdp_) << refusal.text;
    if (!xdp_->takes_long_frames()) GTEST_SKIP() << "XDP takes no frames of several pages here: Linux before 5.18";
    auto reader = RingReader::open(tc_.rings().ring_fd(0), tc_.rings().ring_bytes());
    ASSERT_TRUE(reader) << reader.error().message;
    reader_.push_back(std::move(*reader));
    auto byte_reader = RingReader::open(with_bytes_.rings().ring_fd(0), with_bytes_.rings().ring_bytes());
    ASSERT_TRUE(byte_reader) << byte_reader.error().message;
    byte_reader_.push_back(std::move(*byte_reader));
  }

  // What the capture program made of the frame, from ring and counters. False: the kernel refused it.
  bool run_tc(std::span<const std::uint8_t> frame, Outcome& outcome) {
    if (!tc_.run(frame)) return false;
    const LiveCounters counters = tc_.counters();
    packet_reason reason = PACKET_REASON_COUNT;
    for (std::size_t index = 0; index < counters.by_reason.size(); ++index) {
      if (counters.by_reason[index] != before_.by_reason[index]) reason = static_cast<packet_reason>(index);
    }
    EXPECT_EQ(counters.seen, before_.seen + 1);
    before_ = counters;
    packet_event event{};
    int events = 0;
    reader_.front().read(reader_.front().end(), 2, [&](const std::byte* record, std::uint32_t bytes) {
      EXPECT_EQ(bytes, sizeof event);
      std::memcpy(&event, record, sizeof event);
      ++events;
      return RingReader::Record::kTaken;
    });
    EXPECT_EQ(events, reason == PACKET_ACCEPTED ? 1 : 0);
    outcome = masked(reason, event);
    return true;
  }

  // A frame that the snap length cut counts as one that is no longer: test runs know of no other length.
  void compare(std::span<const std::uint8_t> frame, std::uint32_t link_type, Counts& counts) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    if (size < kShortest || size > kLongest) {
      ++counts[size < kShortest ? kTooShort : kTooLong];
      return;
    }
    packet_event event{};
    packet_reason reason = packet_parse(&config_, frame.data(), size, size, link_type, &event);
    if (only_in_files(link_type)) reason = PACKET_UNSUPPORTED_LINK_TYPE;
    const Outcome expected = masked(reason, event);
    if (link_type != xdp_link_type_) xdp_->configure(config_, link_type);
    xdp_link_type_ = link_type;
    const auto in_xdp = xdp_->run("parse_xdp_frags", frame);
    ASSERT_TRUE(in_xdp) << "XDP takes no frame of " << size << " bytes";
    const Outcome from_xdp = masked(in_xdp->reason, in_xdp->event);
    ASSERT_TRUE(alike(from_xdp, expected)) << "XDP: " << text(from_xdp) << "\nuser space: " << text(expected);
    ++counts[kXdpAlike];
    if (link_type != kEthernet || size > kLongestTc) {
      ++counts[link_type != kEthernet ? kTcNotEthernet : kTcTooLong];
      return;
    }
    Outcome from_tc{};
    if (!run_tc(frame, from_tc)) {
      ++counts[kTcRefused];
      return;
    }
    ASSERT_TRUE(alike(from_tc, expected)) << "tc: " << text(from_tc) << "\nuser space: " << text(expected);
    if (reason == PACKET_ACCEPTED) compare_bytes(frame, expected.event);
    ++counts[kTcAlike];
  }

  // Headers and payload that come with the event.
  void compare_bytes(std::span<const std::uint8_t> frame, packet_event event) {
    std::uint32_t begin = 0;
    const std::uint32_t count =
        packet_copied_bytes(&event, static_cast<std::uint32_t>(frame.size()), kPayload, 1, &begin);
    const auto wanted = frame.subspan(begin, count);
    ASSERT_TRUE(with_bytes_.run(frame));
    event.payload_captured_bytes = count;
    int records = 0;
    byte_reader_.front().read(byte_reader_.front().end(), 2, [&](const std::byte* record, std::uint32_t bytes) {
      packet_event from_tc{};
      std::memcpy(&from_tc, record, sizeof from_tc);
      const Outcome with_bytes = masked(PACKET_ACCEPTED, from_tc);
      const std::byte* const copied = record + sizeof event + sizeof(std::uint64_t);
      EXPECT_EQ(bytes, sizeof event + sizeof(std::uint64_t) + count);
      EXPECT_TRUE(alike(with_bytes, masked(PACKET_ACCEPTED, event))) << "with bytes: " << text(with_bytes);
      EXPECT_EQ(std::memcmp(copied, wanted.data(), count), 0) << count << " bytes at " << begin;
      ++records;
      return RingReader::Record::kTaken;
    });
    ASSERT_EQ(records, 1);
    ASSERT_FALSE(HasFailure());
  }

  void compare_capture(const fs::path& path, std::map<std::string, Counts>& found) {
    auto capture = CaptureFile::open(path.string(), {});
    if (!capture) return;  // tables, texts, and what is too damaged to open
    const std::string name = fs::relative(path, kShared).string();
    Counts& counts = found[name];
    Frame frame{};
    for (std::uint64_t index = 1; capture->next(frame) == CaptureFile::ReadState::kFrame; ++index) {
      const auto link_type = static_cast<std::uint32_t>(frame.link_type);
      compare(std::span(frame.bytes, frame.captured_bytes), link_type, counts);
      ASSERT_FALSE(HasFatalFailure()) << name << ", frame " << index << ", " << frame.captured_bytes << " bytes";
    }
  }

  const packet_parse_config config_ = packet_parse_defaults();
  LoadedCapture tc_{LoadedCapture::Options{}};
  LoadedCapture with_bytes_{LoadedCapture::Options{.bytes = {.payload_bytes = kPayload, .headers = true}}};
  std::unique_ptr<CheckProgram> xdp_;
  std::uint32_t xdp_link_type_ = ~0U;    // that it is configured for
  std::vector<RingReader> reader_;       // one
  std::vector<RingReader> byte_reader_;  // one
  LiveCounters before_;
};

TEST_F(FrameParity, EveryFrameGivesTheSameEventInKernelAndUserSpace) {
  std::map<std::string, Counts> found;
  for (const char* folder : kFolders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kShared / folder)) {
      if (!entry.is_regular_file() || entry.path().parent_path().filename() == "expected") continue;
      compare_capture(entry.path(), found);
      if (HasFatalFailure()) return;
    }
  }
  const std::string list = listed(found);
  if (std::getenv("FLOWGAUGE_WRITE_GOLDEN") != nullptr) std::ofstream(kGolden) << list;
  std::ostringstream golden;
  golden << std::ifstream(kGolden).rdbuf();
  EXPECT_EQ(list, golden.str()) << "if that is right: ./dev golden writes " << kGolden;
}

}  // namespace
}  // namespace flowgauge::test
