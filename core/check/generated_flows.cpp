#include "core/check/generated_flows.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <tuple>

#include "core/base/nanoseconds.h"
#include "core/packet/endpoint_class.h"
#include "core/packet/ip_protocol.h"
#include "core/plugin/packet_filters.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kMostPackets = 24;  // of one flow
constexpr std::int64_t kBegin = 1'600'000'000 * kNsPerSecond;
constexpr std::int64_t kOtherTime = 13'065'234 * kNsPerSecond;  // five months, and some hours
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

// SplitMix64.
std::uint64_t mixed(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}
enum What : std::uint64_t {
  kAddress = 1,
  kMac,
  kPort,
  kTag,
  kGap,
  kShape,
  kLength,
  kNumber
};  // kOther + these: another guise
constexpr std::uint64_t kOther = 100;
constexpr std::uint32_t kDestination = 1U << 20;  // added to a flow's number: draws for its other end

// Two ports of one class and one service group, in both transports.
struct PortPair {
  std::uint16_t usual, other;
};
constexpr std::array kPortPairs = {PortPair{80, 443},     PortPair{135, 162}, PortPair{53, 853},
                                   PortPair{3478, 5349},  PortPair{7, 1000},  PortPair{2000, 30001},
                                   PortPair{49200, 65001}};

fg_string text_of(std::string_view text) { return {text.data(), text.size()}; }

// Makes the flow one that fits.
void let_fit(const fg_packet_filter& filter, fg_flow& view, fg_key& key) {
  if (filter.ip_protocol != 0) view.ip_protocol = filter.ip_protocol;
  if (filter.port != 0) key.destination_port = filter.port;
  if (!has_ports(view.ip_protocol)) key.source_port = key.destination_port = 0;
}

// Makes it one of the first protocol, from its own on, and of the first ports, of which nothing fits. What fits every
// protocol leaves it as it is.
void keep_out(const PacketFilters& filters, fg_flow& view, fg_key& key) {
  const auto fits = [&](std::uint8_t protocol, std::uint16_t port) {
    fg_key asked{};
    asked.source_port = port;
    return filters.fit(protocol, asked);
  };
  auto protocol = view.ip_protocol;
  for (int tried = 0; fits(protocol, 0); ++tried, ++protocol)
    if (tried == 256) return;
  view.ip_protocol = protocol;
  if (!has_ports(protocol)) key.source_port = key.destination_port = 0;
  for (std::uint16_t* port : {&key.source_port, &key.destination_port})
    while (fits(protocol, *port)) ++*port;  // port 0 never does
}

class Maker {
 public:
  Maker(const Guise& guise, const Measure& measure) : guise_(guise), measure_(measure) {}

  [[nodiscard]] MadeFlows make() const {
    MadeFlows made;
    made.flows.reserve(measure_.flows);
    made.packets.reserve(measure_.flows * std::max<std::uint64_t>(measure_.packets_of_each, kMostPackets));
    for (std::uint32_t index = 0; index < measure_.flows; ++index) {
      MadeFlow& flow = made.flows.emplace_back(flow_of(index));
      const std::uint64_t count = measure_.packets_of_each > 0 ? measure_.packets_of_each
                                                               : 1 + draw(kShape, index + kDestination) % kMostPackets;
      std::int64_t time_ns = 0;
      for (std::uint64_t i = 0; i < count; ++i) {
        if (i > 0) time_ns += gap_before(index, i);
        made.packets.push_back(packet_of(index, i, time_ns, flow));
      }
    }
    const auto order = [](const MadePacket& packet) {
      return std::tuple(packet.timestamp_ns, packet.flow, packet.fields.flow_index);
    };
    std::sort(made.packets.begin(), made.packets.end(),
              [&](const MadePacket& a, const MadePacket& b) { return order(a) < order(b); });
    return made;
  }

 private:
  // Depends on what it is for, not on what was drawn before.
  [[nodiscard]] std::uint64_t draw(std::uint64_t what, std::uint64_t flow, std::uint64_t index = 0) const {
    return mixed(mixed(measure_.seed) + (what << 48U) + (flow << 24U) + index);
  }

  void fill(std::span<std::uint8_t> bytes, std::uint64_t what, std::uint64_t flow) const {
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(draw(what, flow, i));
  }

  // From a private address to a global one.
  fg_key key_of(std::uint32_t flow, std::uint8_t ip_version) const {
    fg_key key{};
    const std::uint64_t address = kAddress + (guise_.addresses || guise_.scopes ? kOther : 0);
    const std::size_t size = ip_version == 4 ? 4 : 16;
    const std::uint32_t first = flow % 2;  // the first flow of this IP version: whose others are like it
    const auto kin = [&](std::initializer_list<Kin> kinds) {
      return std::ranges::find(kinds, measure_.kin) != kinds.end() ? first : flow;
    };
    fill(std::span(key.source_address).first(size), address, kin({Kin::kSource, Kin::kEndpoints, Kin::kNetwork}));
    fill(std::span(key.destination_address).first(size), address,
         kin({Kin::kDestination, Kin::kEndpoints, Kin::kNetwork}) + kDestination);
    key.source_address[0] = ip_version == 4 ? (guise_.scopes ? 44 : 10) : (guise_.scopes ? 0x2a : 0xfd);
    key.destination_address[0] = ip_version == 4 ? (guise_.scopes ? 239 : 45) : (guise_.scopes ? 0xff : 0x20);
    if (measure_.kin == Kin::kNetwork)
      key.source_address[size - 1] = key.destination_address[size - 1] = static_cast<std::uint8_t>(1 + flow % 250);
    const PortPair& ports = kPortPairs[flow % kPortPairs.size()];
    key.destination_port = guise_.ports ? ports.other : ports.usual;
    key.source_port = static_cast<std::uint16_t>(49152 + draw(kPort + (guise_.ports ? kOther : 0), flow) % 16384);
    key.has_mac = 1;
    const std::uint64_t mac = kMac + (guise_.addresses ? kOther : 0);
    fill(key.source_mac, mac, kin({Kin::kMacs}));
    fill(key.destination_mac, mac, kin({Kin::kMacs}) + kDestination);
    return key;
  }

  // Every third flow has none.
  fg_tags tags_of(std::uint32_t flow) const {
    fg_tags tags{};
    if (measure_.kin == Kin::kVlan) flow = 1;
    if (flow % 3 == 0) return tags;
    const std::uint64_t what = kTag + (guise_.tags ? kOther : 0);
    tags.vlan_count = static_cast<std::uint8_t>(flow % 3);
    tags.outer_vlan_id = static_cast<std::uint16_t>(1 + draw(what, flow) % 4094);
    if (tags.vlan_count == 2) tags.inner_vlan_id = static_cast<std::uint16_t>(1 + draw(what, flow, 1) % 4094);
    tags.tunnel_type = 1;
    tags.has_tunnel_id = 1;
    tags.tunnel_id = static_cast<std::uint32_t>(draw(what, flow, 2) & 0xffffffU);
    return tags;
  }

  void choose_fit(std::uint32_t index, fg_flow& view, fg_key& key) const {
    if (measure_.fit == Fit::kFilters)
      let_fit(measure_.filters[index % measure_.filters.size()], view, key);
    else
      keep_out(PacketFilters(measure_.filters), view, key);
  }

  MadeFlow flow_of(std::uint32_t index) const {
    MadeFlow flow;
    fg_flow& view = flow.view;
    view.ip_version = index % 2 == 0 ? 4 : 6;
    view.ip_protocol = index % 4 == 3 ? kUdp : kTcp;
    flow.key = key_of(index, view.ip_version);
    if (!measure_.filters.empty()) choose_fit(index, view, flow.key);
    flow.tags = tags_of(index);
    const Scope source = address_scope(flow.key.source_address, view.ip_version);
    const Scope destination = address_scope(flow.key.destination_address, view.ip_version);
    view.source_scope = text_of(scope_name(source));
    view.destination_scope = text_of(scope_name(destination));
    view.path_locality = text_of(path_locality(source, destination));
    view.source_port_class = text_of(port_class(flow.key.source_port));
    view.destination_port_class = text_of(port_class(flow.key.destination_port));
    view.service_group = text_of(service_group(flow.key.destination_port, view.ip_protocol));
    view.end_reason = guise_.ends ? 2 : 1 + index % 5;
    view.is_snapshot = guise_.ends ? 1 : 0;
    view.segment = index % 2 + (guise_.ends ? 1 : 0);
    for (int direction : {0, 1})
      view.first_ns[direction] = view.last_ns[direction] = view.start_ns[direction] = FG_NEVER;
    flow.first_seen_ns =
        kBegin + (guise_.time ? kOtherTime : 0) + static_cast<std::int64_t>(draw(kGap, index) % kNsPerSecond);
    return flow;
  }

  // Now and then a pause long enough for every feature that looks for one.
  std::int64_t gap_before(std::uint32_t flow, std::uint64_t index) const {
    constexpr std::array<std::uint64_t, 4> kLongest = {2'000'000, 2'000'000, 1'500'000'000, 9'000'000'000};
    const std::uint64_t random = draw(kGap, flow, index);
    return static_cast<std::int64_t>(random % kLongest[random >> 62U]);
  }

  MadePacket packet_of(std::uint32_t flow_index, std::uint64_t index, std::int64_t time_ns, MadeFlow& flow) const {
    MadePacket made{.flow = flow_index, .timestamp_ns = flow.first_seen_ns + time_ns};
    fg_flow& view = flow.view;
    fg_packet& packet = made.fields;
    const std::uint64_t shape = draw(kShape, flow_index, index);
    const bool is_tcp = view.ip_protocol == kTcp;
    packet.direction = index == 0 ? FG_FORWARD : static_cast<std::uint8_t>(shape % 2);
    const std::uint8_t own = packet.direction;
    packet.time_ns = time_ns;
    packet.flow_index = view.packets[0] + view.packets[1];
    packet.direction_index = view.packets[own];
    if (packet.flow_index > 0) packet.gap_ns = static_cast<std::uint64_t>(time_ns) - view.duration_ns;
    if (packet.direction_index > 0) packet.direction_gap_ns = static_cast<std::uint64_t>(time_ns - view.last_ns[own]);
    packet.ip_version = view.ip_version;
    packet.ip_protocol = view.ip_protocol;
    packet.ttl = own == FG_FORWARD ? 64 : 57;
    if (guise_.ttl) packet.ttl = own == FG_FORWARD ? 128 : 249;
    packet.l3_header_bytes = view.ip_version == 4 ? 20 : 40;
    packet.l4_header_bytes = is_tcp ? (index == 0 ? 40 : 20) : 8;
    packet.payload_length_bytes =
        shape % 3 == 0 ? 0 : static_cast<std::uint32_t>(draw(kLength, flow_index, index) % 1400);
    packet.ip_length_bytes = packet.l3_header_bytes + packet.l4_header_bytes + packet.payload_length_bytes;
    if (is_tcp) {
      // SYN, SYN-ACK or another answer, then data; numbers that often overlap.
      packet.tcp_flags = index == 0 ? 0x02 : index == 1 && own == FG_BACKWARD ? 0x12 : shape % 5 == 0 ? 0x18 : 0x10;
      packet.tcp_seq = static_cast<std::uint32_t>(draw(kNumber, flow_index, index) % 4096);
      packet.tcp_ack = static_cast<std::uint32_t>(draw(kNumber, flow_index + kDestination, index) % 4);
      packet.tcp_window = static_cast<std::uint16_t>(shape % 7 == 0 ? 0 : 1000 + shape % 50000);
      if (guise_.windows && packet.direction_index == 0 && packet.tcp_window != 0)
        packet.tcp_window = static_cast<std::uint16_t>(52000 + shape % 13000);
    }
    if (view.packets[own] == 0) view.first_ns[own] = view.start_ns[own] = time_ns;
    view.last_ns[own] = time_ns;
    view.duration_ns = static_cast<std::uint64_t>(time_ns);
    view.packets[own] += 1;
    view.bytes[own] += packet.ip_length_bytes;
    made.headers = make_headers(packet, flow.key, flow_index * 256 + static_cast<std::uint32_t>(index), guise_.headers);
    return made;
  }

  const Guise& guise_;
  const Measure& measure_;
};

}  // namespace

MadeFlows make_flows(const Guise& guise, const Measure& measure) { return Maker(guise, measure).make(); }

}  // namespace flowgauge
