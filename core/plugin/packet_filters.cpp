#include "core/plugin/packet_filters.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>

namespace flowgauge {
namespace {

struct ProtocolWithPorts {
  std::uint8_t number;
  const char* name;
};
constexpr ProtocolWithPorts kProtocolsWithPorts[] = {
    {IPPROTO_TCP, "tcp"}, {IPPROTO_UDP, "udp"}, {33, "dccp"}, {IPPROTO_SCTP, "sctp"}, {136, "udplite"}};

std::uint32_t port_of(std::uint32_t ip_protocol, std::uint16_t port) { return ip_protocol << 16U | port; }

std::string protocol_text(std::uint8_t ip_protocol) {
  for (const ProtocolWithPorts& one : kProtocolsWithPorts)
    if (one.number == ip_protocol) return one.name;
  return fmt::format("protocol {}", ip_protocol);
}

}  // namespace

bool has_ports(std::uint8_t ip_protocol) {
  return std::ranges::find(kProtocolsWithPorts, ip_protocol, &ProtocolWithPorts::number) !=
         std::end(kProtocolsWithPorts);
}

bool name_ports(std::span<const fg_packet_filter> filters) {
  return std::ranges::any_of(filters, [](const fg_packet_filter& filter) { return filter.port != 0; });
}

std::string filter_text(const fg_packet_filter& filter) {
  if (filter.port == 0) return protocol_text(filter.ip_protocol);
  if (filter.ip_protocol == 0) return fmt::format("port {}", filter.port);
  return fmt::format("{} port {}", protocol_text(filter.ip_protocol), filter.port);
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
