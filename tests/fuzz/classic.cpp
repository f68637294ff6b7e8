// Classic captures (pcap), in all byte orders and variants.
#include <cstring>

#include "tests/fuzz/capture_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint8_t kSection[] = {0x0a, 0x0d, 0x0d, 0x0a};  // pcapng has a target of its own
  if (size < sizeof kSection || std::memcmp(data, kSection, sizeof kSection) == 0) return -1;
  flowgauge::test::read_capture(data, size);
  return 0;
}
