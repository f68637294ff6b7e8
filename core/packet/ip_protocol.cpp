#include "core/packet/ip_protocol.h"

namespace flowgauge {

std::string ip_protocol_text(std::uint8_t ip_protocol) {
  const auto* const known = std::ranges::find(kIpProtocols, ip_protocol, &IpProtocol::number);
  if (known == kIpProtocols.end()) return "protocol " + std::to_string(ip_protocol);
  return std::string(known->name);
}

std::optional<std::uint8_t> ip_protocol_of_name(std::string_view name) {
  const auto* const known = std::ranges::find(kIpProtocols, name, &IpProtocol::name);
  return known == kIpProtocols.end() ? std::nullopt : std::optional(known->number);
}

}  // namespace flowgauge
