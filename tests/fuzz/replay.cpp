// Runs a fuzz target over files, without libFuzzer: `fuzz_TARGET FILE_OR_FOLDER...`.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/target.h"

namespace {

void replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::size_t inputs = 0;
  for (int argument = 1; argument < argc; ++argument) {
    if (!fs::is_directory(argv[argument])) {
      replay(argv[argument]);
      ++inputs;
      continue;
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(argv[argument])) {
      if (!entry.is_regular_file()) continue;
      replay(entry.path());
      ++inputs;
    }
  }
  std::printf("%zu inputs, no finding\n", inputs);
  return inputs == 0 ? 1 : 0;
}
