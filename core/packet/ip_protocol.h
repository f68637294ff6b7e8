// IP protocols by number and name: IANA's, as far as captures commonly have them. Pure; every returned name is static.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flowgauge {

struct IpProtocol {
  std::uint8_t number;
  std::string_view name;
};

inline constexpr std::array kIpProtocols = {
    IpProtocol{0, "hopopt"}, IpProtocol{1, "icmp"},     IpProtocol{2, "igmp"},  IpProtocol{4, "ipip"},
    IpProtocol{6, "tcp"},    IpProtocol{17, "udp"},     IpProtocol{33, "dccp"}, IpProtocol{41, "ipv6"},
    IpProtocol{47, "gre"},   IpProtocol{50, "esp"},     IpProtocol{51, "ah"},   IpProtocol{58, "icmpv6"},
    IpProtocol{88, "eigrp"}, IpProtocol{89, "ospf"},    IpProtocol{103, "pim"}, IpProtocol{112, "vrrp"},
    IpProtocol{132, "sctp"}, IpProtocol{136, "udplite"}};

// TCP, UDP, DCCP, SCTP and UDP-Lite: those of which the parser reads ports.
[[nodiscard]] constexpr bool has_ports(std::uint8_t ip_protocol) {
  constexpr std::array<std::uint8_t, 5> kWithPorts = {6, 17, 33, 132, 136};
  return std::ranges::find(kWithPorts, ip_protocol) != kWithPorts.end();
}

// "tcp"; "protocol 253" where it has no name here.
[[nodiscard]] std::string ip_protocol_text(std::uint8_t ip_protocol);

// By its name in small letters.
[[nodiscard]] std::optional<std::uint8_t> ip_protocol_of_name(std::string_view name);

}  // namespace flowgauge
