// Runs a fuzz target without libFuzzer: `fuzz_TARGET [--changed RUNS] FILE_OR_FOLDER...` over files, then over so many
// changed copies of them, always the same ones. What it had before it died lies in the file `fuzz_TARGET.last`.
#include <fcntl.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/target.h"

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostBytes = 16'384;

Bytes content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Bytes> inputs_of(const std::vector<std::string>& names) {
  std::vector<fs::path> paths;
  for (const std::string& name : names) {
    if (!fs::is_directory(name)) paths.emplace_back(name);
    if (!fs::is_directory(name)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(name))
      if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  std::vector<Bytes> inputs;
  for (const fs::path& path : paths) inputs.push_back(content(path));
  return inputs;
}

// The generator's own numbers: a distribution's differ between libraries.
class Changes {
 public:
  explicit Changes(const std::vector<Bytes>& inputs) : inputs_(inputs) {}

  Bytes next() {
    Bytes bytes = any_input();
    if (bytes.size() > kMostBytes) bytes.resize(kMostBytes);
    for (std::uint64_t changes = 1 + below(4); changes > 0; --changes) change(bytes);
    return bytes;
  }

 private:
  std::uint64_t below(std::uint64_t end) { return end == 0 ? 0 : random_() % end; }
  const Bytes& any_input() { return inputs_[below(inputs_.size())]; }

  void change(Bytes& bytes) {
    static constexpr std::uint8_t kValues[] = {0,   1,   2,   4,    8,    16,  32,  64, 127,
                                               128, 200, 255, '\n', '\'', '(', ')', ','};
    const auto at = static_cast<std::ptrdiff_t>(below(bytes.size()));
    const auto rest = static_cast<std::uint64_t>(static_cast<std::ptrdiff_t>(bytes.size()) - at);
    switch (below(6)) {
      case 0:
        if (rest > 0) bytes[static_cast<std::size_t>(at)] ^= static_cast<std::uint8_t>(1U << below(8));
        return;
      case 1:
        if (rest > 0) bytes[static_cast<std::size_t>(at)] = kValues[below(std::size(kValues))];
        return;
      case 2:
        bytes.insert(bytes.begin() + at, 1 + below(8), static_cast<std::uint8_t>(below(256)));
        return;
      case 3:
        bytes.erase(bytes.begin() + at,
                    bytes.begin() + at + static_cast<std::ptrdiff_t>(below(std::min<std::uint64_t>(rest, 64) + 1)));
        return;
      case 4:
        bytes.resize(static_cast<std::size_t>(at));
        return;
      default: {  // a part of another one
        const Bytes& other = any_input();
        const auto from = static_cast<std::ptrdiff_t>(below(other.size()));
        const auto size = std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(other.size()) - from, 256);
        bytes.insert(bytes.begin() + at, other.begin() + from, other.begin() + from + size);
      }
    }
  }

  const std::vector<Bytes>& inputs_;
  std::mt19937_64 random_{1};
};

void run(const Bytes& input, int last) {
  flowgauge::test::must_hold(::ftruncate(last, 0) == 0, "the file of the last input can be emptied");
  flowgauge::test::must_hold(::pwrite(last, input.data(), input.size(), 0) == static_cast<ssize_t>(input.size()),
                             "the file of the last input takes it");
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  std::size_t changed = 0;
  if (names.size() > 1 && names[0] == "--changed") {
    changed = std::stoul(names[1]);
    names.erase(names.begin(), names.begin() + 2);
  }
  const std::vector<Bytes> inputs = inputs_of(names);
  if (inputs.empty()) return 1;
  const std::string last_name = fs::path(argv[0]).filename().string() + ".last";
  const int last = ::open(last_name.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  flowgauge::test::must_hold(last >= 0, "the current folder takes a file");
  for (const Bytes& input : inputs) run(input, last);
  flowgauge::test::must_hold(flowgauge::test::inputs_taken > 0, "some seed comes to the end of the target");
  Changes changes(inputs);
  for (std::size_t done = 0; done < changed; ++done) run(changes.next(), last);
  ::close(last);
  fs::remove(last_name);
  std::printf("%zu inputs and %zu changed ones, no finding\n", inputs.size(), changed);
  return 0;
}
