// Synthetic traffic for measurements: many flows at once, a few of them busy, most of them short, as on a real link.
// The same arguments give the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>

namespace flowgauge::bench {

enum class TrafficFormat { kPcap, kPcapng };

struct TrafficShape {
  std::uint64_t packets = 1'000'000;
  std::uint32_t flows_at_once = 50'000;
  std::uint32_t snaplen_bytes = 65'535;
  TrafficFormat format = TrafficFormat::kPcap;
};

// Writes a capture (Ethernet, microseconds): 60 % TCP flows with handshake and reset, the others UDP; 10 % IPv6;
// 5 % in a VLAN; sizes of flows by a Pareto law (mean near 7 packets); about 100,000 packets a second of capture time.
// False if the file cannot be written whole.
[[nodiscard]] bool write_traffic(const std::filesystem::path& path, const TrafficShape& shape);

}  // namespace flowgauge::bench
