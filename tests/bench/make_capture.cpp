// make_capture OUT PACKETS FLOWS_AT_ONCE SNAPLEN: writes the synthetic capture that the measurements are made on.
#include <fmt/format.h>

#include <cstdlib>

#include "core/base/text.h"
#include "tests/bench/traffic.h"

int main(int count, char** arguments) {
  if (count != 5) {
    fmt::print(stderr, "usage: {} OUT PACKETS FLOWS_AT_ONCE SNAPLEN\n", arguments[0]);
    return EXIT_FAILURE;
  }
  const auto packets = flowgauge::parse_u64(arguments[2]);
  const auto flows = flowgauge::parse_u64(arguments[3]);
  const auto snaplen = flowgauge::parse_u64(arguments[4]);
  if (!packets || !flows || *flows == 0 || *flows > 100'000'000 || !snaplen || *snaplen > 65'535) {
    fmt::print(stderr, "{}: PACKETS, FLOWS_AT_ONCE (1 to 100,000,000) and SNAPLEN (to 65,535) are whole numbers\n",
               arguments[0]);
    return EXIT_FAILURE;
  }
  const flowgauge::bench::TrafficShape shape{*packets, static_cast<std::uint32_t>(*flows),
                                             static_cast<std::uint32_t>(*snaplen)};
  if (!flowgauge::bench::write_traffic(arguments[1], shape)) {
    fmt::print(stderr, "{}: cannot be written\n", arguments[1]);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
