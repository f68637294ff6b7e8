#include "core/profile/sections.h"

#include <algorithm>

#include "core/base/try.h"
#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"

namespace flowgauge {
namespace {

Result<std::uint8_t> read_protocol(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::kScalar) {
    const std::optional<std::uint64_t> number = parse_u64(node.text);
    if (number && *number <= 255) return static_cast<std::uint8_t>(*number);
    if (number) return node.refuse("'{}': {} is no IP protocol; numbers go from 0 to 255", key, *number);
  }
  std::uint8_t protocol = 0;
  if (Result<void> done = read_choice(node, key, kProtocols, protocol); !done) return std::unexpected(done.error());
  return protocol;
}

Result<void> read_protocols(const YamlNode& node, std::string_view key, ProfilePackets& packets) {
  std::vector<std::uint8_t> protocols;
  if (node.kind == YamlNode::Kind::kScalar && node.text == "all") {
    packets.protocols = {};
    return {};
  }
  if (node.kind != YamlNode::Kind::kList || node.items.empty()) {
    return node.refuse("'{}' must be 'all' or a list of names and numbers ([tcp, udp, 47])", key);
  }
  for (const YamlNode& item : node.items) {
    protocols.push_back(TRY(read_protocol(item, key)));
  }
  std::sort(protocols.begin(), protocols.end());
  protocols.erase(std::unique(protocols.begin(), protocols.end()), protocols.end());
  packets.protocols = std::move(protocols);
  return {};
}

// A list of UDP ports; [] is a value, too.
template <auto Member>
Result<void> read_ports(const YamlNode& node, std::string_view key, ProfilePackets& packets) {
  if (node.kind != YamlNode::Kind::kList) {
    return node.refuse("'{}' must be a list of UDP ports ([4789, 8472]); [] is none", key);
  }
  std::vector<std::uint16_t> ports;
  for (const YamlNode& item : node.items) {
    const std::uint64_t port = TRY(read_number(item, key, 1, 65535));
    ports.push_back(static_cast<std::uint16_t>(port));
  }
  std::sort(ports.begin(), ports.end());
  ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
  if (ports.size() > PACKET_MAX_TUNNEL_PORTS)
    return node.refuse("'{}' has {} ports; at most {} fit", key, ports.size(), PACKET_MAX_TUNNEL_PORTS);
  packets.*Member = std::move(ports);
  return {};
}

Result<void> read_filter(const YamlNode& node, std::string_view key, ProfilePackets& packets) {
  return read_text(node, key, packets.filter);
}

constexpr Key<ProfilePackets> kPacketsTable[] = {
    {"decapsulate", read_choice_member<kDecapsulates, &ProfilePackets::decapsulate>},
    {"fragments", read_choice_member<kFragmentRules, &ProfilePackets::fragments>},
    {"udp_payload", read_choice_member<kUdpPayloads, &ProfilePackets::udp_payload>},
    {"protocols", read_protocols},
    {"vxlan_ports", read_ports<&ProfilePackets::vxlan_ports>},
    {"geneve_ports", read_ports<&ProfilePackets::geneve_ports>},
    {"gtpu_ports", read_ports<&ProfilePackets::gtpu_ports>},
    {"l2tpv3_cookie", read_choice_member<kCookies, &ProfilePackets::l2tpv3_cookie_bytes>},
    {"filter", read_filter},
};

}  // namespace

Result<void> read_packets(const YamlNode& node, std::string_view key, Profile& profile) {
  return read_map<ProfilePackets>(node, key, kPacketsTable, profile.packets);
}

Result<void> read_packets_key(const YamlNode& value, std::string_view key, Profile& profile) {
  return read_key<ProfilePackets>(value, key, "packets", kPacketsTable, profile.packets);
}

std::vector<std::string> packets_keys() { return key_names<ProfilePackets>(kPacketsTable); }

}  // namespace flowgauge
