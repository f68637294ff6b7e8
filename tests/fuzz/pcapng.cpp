// pcapng captures.
#include <cstring>

#include "tests/fuzz/capture_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint8_t kSection[] = {0x0a, 0x0d, 0x0d, 0x0a};
  if (size < sizeof kSection || std::memcmp(data, kSection, sizeof kSection) != 0) return -1;
  flowgauge::test::read_capture(data, size);
  return 0;
}
