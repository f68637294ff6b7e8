#include "core/plugin/packet_filters.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/packet/ip_protocol.h"

namespace flowgauge {
namespace {

std::uint32_t port_of(std::uint32_t ip_protocol, std::uint16_t port) { return ip_protocol << 16U | port; }

}  // namespace

bool name_ports(std::span<const fg_packet_filter> filters) {
  return std::ranges::any_of(filters, [](const fg_packet_filter& filter) { return filter.port != 0; });
}

std::string filter_text(const fg_packet_filter& filter) {
  if (filter.port == 0) return ip_protocol_text(filter.ip_protocol);
  if (filter.ip_protocol == 0) return fmt::format("port {}", filter.port);
  return fmt::format("{} port {}", ip_protocol_text(filter.ip_protocol), filter.port);
}

PacketFilters::PacketFilters(std::span<const fg_packet_filter> filters) {
  for (const fg_packet_filter& filter : filters) {
    if (filter.port == 0)
      protocols_.set(filter.ip_protocol);
    else
      ports_.push_back(port_of(filter.ip_protocol, filter.port));
  }
  std::ranges::sort(ports_);
}

bool PacketFilters::has(std::uint8_t ip_protocol, std::uint16_t port) const {
  return std::ranges::binary_search(ports_, port_of(0, port)) ||
         std::ranges::binary_search(ports_, port_of(ip_protocol, port));
}

}  // namespace flowgauge
