#include "core/flow/flow_columns.h"

#include <array>
#include <cstring>
#include <string_view>

#include "core/flow/clock.h"
#include "core/flow/community_id.h"
#include "core/flow/flow_record.h"
#include "core/flow/host_columns.h"
#include "core/packet/batch.h"
#include "core/packet/event.h"
#include "core/text/address_text.h"

namespace flowgauge {
namespace {

constexpr std::string_view kTunnelNames[PACKET_TUNNEL_COUNT] = {
    "",     "vxlan", "geneve", "gre",    "gtpu",    "teredo",   "ipip",      "6in4", "4in6", "ip6in6", "erspan",
    "pptp", "wccp",  "l2tp",   "l2tpv3", "etherip", "mpls_udp", "vxlan_gpe", "gue",  "lisp", "capwap"};
constexpr std::string_view kBasisNames[] = {"syn", "syn_ack", "first_packet", "inherited"};
constexpr std::string_view kCloseStyleNames[] = {
    "not_applicable", "none", "half_close", "bidirectional_fin", "four_way_fin", "simultaneous_fin", "reset"};
constexpr std::array<std::string_view, kEndReasons> kEndReasonTexts = {
    "Idle Timeout",   "Active Timeout",    "TCP Normal Termination", "TCP Reset",
    "TCP Port Reuse", "Exporter Shutdown", "Resource Limit",         ""};

constexpr std::array<std::string_view, kEndReasons> kSctpEndReasonTexts = {
    "Idle Timeout",    "Active Timeout",    "SCTP Shutdown Complete", "SCTP Abort",
    "SCTP Port Reuse", "Exporter Shutdown", "Resource Limit",         ""};

const std::uint8_t* source_address(const BasicFlow& flow) { return flow.key.address[flow.source].data(); }
const std::uint8_t* destination_address(const BasicFlow& flow) { return flow.key.address[flow.source ^ 1U].data(); }
std::uint16_t source_port(const BasicFlow& flow) { return flow.key.port[flow.source]; }
std::uint16_t destination_port(const BasicFlow& flow) { return flow.key.port[flow.source ^ 1U]; }

using Cell = HostCell;

void set_id(const BasicFlow& flow, const Cell& cell) {
  std::array<char, 2 * kAddressTextBytes + 20> text;
  char* end = write_address(text.data(), source_address(flow), flow.key.ip_version);
  *end++ = ':';
  end = write_decimal(end, source_port(flow));
  *end++ = '-';
  end = write_address(end, destination_address(flow), flow.key.ip_version);
  *end++ = ':';
  end = write_decimal(end, destination_port(flow));
  *end++ = '-';
  end = write_decimal(end, flow.key.protocol);
  cell.set_copy({text.data(), static_cast<std::size_t>(end - text.data())});
}

void set_community_id(const BasicFlow& flow, const Cell& cell) {
  std::array<char, kCommunityIdBytes> text;
  const char* end = write_community_id(text.data(), flow);
  cell.set_copy({text.data(), static_cast<std::size_t>(end - text.data())});
}

void set_address(const BasicFlow& flow, const std::uint8_t* address, const Cell& cell) {
  std::array<char, kAddressTextBytes> text;
  const char* end = write_address(text.data(), address, flow.key.ip_version);
  cell.set_copy({text.data(), static_cast<std::size_t>(end - text.data())});
}

void set_mac(const BasicFlow& flow, const std::array<std::uint8_t, 6>& mac, const Cell& cell) {
  if (flow.has_mac == 0) return;
  std::array<char, kMacTextBytes> text;
  write_mac(text.data(), mac.data());
  cell.set_copy({text.data(), text.size()});
  cell.set_valid();
}

void set_outer_address(const OuterAddresses& outer, const std::array<std::uint8_t, 16>& address, const Cell& cell) {
  if (outer.ip_version == 0) return;
  std::array<char, kAddressTextBytes> text;
  const char* end = write_address(text.data(), address.data(), outer.ip_version);
  cell.set_copy({text.data(), static_cast<std::size_t>(end - text.data())});
  cell.set_valid();
}

void set_close_style(const BasicFlow& flow, const Cell& cell) {
  const auto style = flow.is_tcp() ? flow.tcp.close_style() : TcpCloseStyle::kNotApplicable;
  cell.set_static(kCloseStyleNames[static_cast<std::size_t>(style)]);
}

// What a feature calls its end stays for the run.
void set_end_reason_text(const BasicFlow& flow, const Cell& cell) {
  const EndReason reason = flow.row_end_reason();
  if (reason == EndReason::kFeature)
    return cell.set_static(static_cast<const HostEmit&>(cell.emit).end_texts[flow.feature_end]);
  const auto& texts = flow.key.protocol == kIpProtocolSctp ? kSctpEndReasonTexts : kEndReasonTexts;
  cell.set_static(texts[static_cast<std::size_t>(reason)]);
}

// A name stays for the run.
void set_name(std::string_view name, const Cell& cell) {
  if (name.empty()) return;
  cell.set_static(name);
  cell.set_valid();
}

const ObservationPoint* place_of(const Cell& cell) { return static_cast<const HostEmit&>(cell.emit).place; }

void set_ingress(const BasicFlow& flow, const Cell& cell) {
  if (const ObservationPoint* place = place_of(cell)) set_name(place->interfaces.name(flow.interface), cell);
}

void set_interface(const BasicFlow& flow, const Cell& cell) {
  if (flow.crosses_interfaces == 0) set_ingress(flow, cell);
}

void set_sensor(const BasicFlow& /*flow*/, const Cell& cell) {
  if (const ObservationPoint* place = place_of(cell)) set_name(place->sensor, cell);
}

template <auto Set>
void each_row(const fg_emit& emit, const fg_vector& vector) {
  for (std::uint32_t row = 0; row < emit.row_count; ++row) Set(basic_flow(emit.records[row]), Cell{emit, vector, row});
}

template <auto Set>
void each_release(const fg_emit& emit, const fg_vector& vector) {
  const Release* releases = static_cast<const HostEmit&>(emit).releases;
  for (std::uint32_t row = 0; row < emit.row_count; ++row) Set(releases[row].order, Cell{emit, vector, row});
}

// A flow's first packet decides some columns for good.
enum class Known : std::uint8_t { kAtEnd, kAtFirst };

struct Column {
  fg_column declared;
  void (*write)(const fg_emit& emit, const fg_vector& vector);
  Known known = Known::kAtEnd;
  EventPart part = EventPart::kCore;
};

constexpr fg_contamination kId = FG_REVEALS_IDENTITY;
constexpr fg_contamination kPath = FG_REVEALS_PATH;
constexpr fg_contamination kTool = FG_REVEALS_TOOL;

constexpr Column kColumns[] = {
    {host_column("id", FG_STRING, FG_UNIT_NONE, kId | FG_REVEALS_PORT,
                 "SRC_IP:SRC_PORT-DST_IP:DST_PORT-PROTO, IPv6 as RFC 5952", "semantics 2; RFC 5952"),
     each_row<set_id>, Known::kAtFirst},
    {host_column("community_id", FG_STRING, FG_UNIT_NONE, kId | FG_REVEALS_PORT, "Community ID v1, seed 0",
                 "semantics 2; Community ID 1.0"),
     each_row<set_community_id>, Known::kAtFirst},
    {host_column("src_ip", FG_STRING, FG_UNIT_NONE, kId, "Address of the source side, RFC 5952 text",
                 "semantics 1, 2; RFC 5952"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { set_address(flow, source_address(flow), cell); }>,
     Known::kAtFirst},
    {host_column("dst_ip", FG_STRING, FG_UNIT_NONE, kId, "Address of the other side", "semantics 1, 2; RFC 5952"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { set_address(flow, destination_address(flow), cell); }>,
     Known::kAtFirst},
    {host_column("src_port", FG_U64, FG_UNIT_NONE, FG_REVEALS_PORT,
                 "Port of the source side, 0 where the protocol has none", "semantics 1, 2"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(source_port(flow)); }>, Known::kAtFirst},
    {host_column("dst_port", FG_U64, FG_UNIT_NONE, FG_REVEALS_PORT,
                 "Port of the other side, 0 where the protocol has none", "semantics 1, 2"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(destination_port(flow)); }>, Known::kAtFirst},
    {host_column("protocol", FG_U64, FG_UNIT_NONE, 0, "IANA protocol number of the innermost transport",
                 "semantics 1; IANA protocol numbers"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(flow.key.protocol); }>, Known::kAtFirst},
    {host_column("ip_version", FG_U64, FG_UNIT_NONE, 0, "4 or 6", "semantics 1"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(flow.key.ip_version); }>, Known::kAtFirst},
    {host_column("src_mac", FG_STRING, FG_UNIT_NONE, kId,
                 "aa:bb:cc:dd:ee:ff, of the flow's first packet; null without Ethernet", "semantics 1", FG_NULLABLE),
     each_row<[](const BasicFlow& flow, const Cell& cell) { set_mac(flow, flow.source_mac, cell); }>, Known::kAtFirst,
     EventPart::kMacs},
    {host_column("dst_mac", FG_STRING, FG_UNIT_NONE, kId, "As src_mac, of the other side", "semantics 1", FG_NULLABLE),
     each_row<[](const BasicFlow& flow, const Cell& cell) { set_mac(flow, flow.destination_mac, cell); }>,
     Known::kAtFirst, EventPart::kMacs},
    {host_column(
         "outer_src_ip", FG_STRING, FG_UNIT_NONE, kId | kPath,
         "Address around the innermost tunnel on the source side, of the flow's first packet; null without a tunnel",
         "semantics 1; RFC 5952", FG_NULLABLE),
     each_row<[](const BasicFlow& flow, const Cell& cell) {
       set_outer_address(outer_addresses(flow), outer_addresses(flow).source, cell);
     }>,
     Known::kAtFirst, EventPart::kOuterAddresses},
    {host_column("outer_dst_ip", FG_STRING, FG_UNIT_NONE, kId | kPath, "As outer_src_ip, of the other side",
                 "semantics 1; RFC 5952", FG_NULLABLE),
     each_row<[](const BasicFlow& flow, const Cell& cell) {
       set_outer_address(outer_addresses(flow), outer_addresses(flow).destination, cell);
     }>,
     Known::kAtFirst, EventPart::kOuterAddresses},
    {host_column("vlan_id", FG_U64, FG_UNIT_NONE, kPath, "Outermost VLAN id, null if there is none",
                 "semantics 1; IEEE 802.1Q", FG_NULLABLE),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set_if(flow.vlan_count > 0, flow.outer_vlan_id); }>,
     Known::kAtFirst},
    {host_column("inner_vlan_id", FG_U64, FG_UNIT_NONE, kPath, "Innermost VLAN id, null with fewer than two VLANs",
                 "semantics 1; IEEE 802.1Q", FG_NULLABLE),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set_if(flow.vlan_count > 1, flow.inner_vlan_id); }>,
     Known::kAtFirst},
    {host_column("tunnel_type", FG_STRING, FG_UNIT_NONE, kPath,
                 "vxlan geneve gre gtpu teredo ipip 6in4 4in6 ip6in6 erspan pptp wccp l2tp l2tpv3 etherip mpls_udp "
                 "vxlan_gpe gue lisp capwap, empty if none; the innermost tunnel",
                 "semantics 1"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set_static(kTunnelNames[flow.tunnel_type]); }>,
     Known::kAtFirst},
    {host_column("tunnel_id", FG_U64, FG_UNIT_NONE, kPath,
                 "VNI, TEID, GRE key, ERSPAN session, PPTP call, L2TP tunnel x 65536 + session, L2TPv3 session or LISP "
                 "instance of the first packet, null if none",
                 "semantics 1; RFC 7348, RFC 8926, RFC 2890, RFC 2637, RFC 2661, RFC 3931, RFC 9300, TS 29.281",
                 FG_NULLABLE),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set_if(flow.has_tunnel_id != 0, flow.tunnel_id); }>,
     Known::kAtFirst},
    {host_column("ingress", FG_STRING, FG_UNIT_NONE, kId | kPath,
                 "Interface that the packet that arrived first was seen on, coming in or going out; null where it has "
                 "no name",
                 "semantics 2; IANA IPFIX interfaceName", FG_NULLABLE),
     each_row<set_ingress>, Known::kAtFirst},
    {host_column("interface", FG_STRING, FG_UNIT_NONE, kId | kPath,
                 "Interface that all packets were seen on, null if there was another or it has no name",
                 "semantics 2; IANA IPFIX interfaceName", FG_NULLABLE),
     each_row<set_interface>, Known::kAtEnd, EventPart::kLaterInterfaces},
    {host_column("sensor", FG_STRING, FG_UNIT_NONE, kId | kPath,
                 "What the profile calls the place (sensor), null if it does not",
                 "semantics 2; RFC 7012 2; IANA IPFIX observationDomainName", FG_NULLABLE),
     each_row<set_sensor>, Known::kAtFirst},
    {host_column("first_seen", FG_I64, FG_UNIT_NS, FG_REVEALS_TIME, "Smallest timestamp, since the epoch",
                 "semantics 3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set_signed(flow.first_ns()); }>},
    {host_column("last_seen", FG_I64, FG_UNIT_NS, FG_REVEALS_TIME, "Greatest timestamp, since the epoch",
                 "semantics 3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set_signed(flow.last_ns()); }>},
    {host_column("duration", FG_U64, FG_UNIT_NS, 0, "last_seen - first_seen", "semantics 3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(gap_ns(flow.last_ns(), flow.first_ns())); }>},
    {host_column("end_reason", FG_U64, FG_UNIT_NONE, kTool, "IPFIX flowEndReason; 2 for a snapshot",
                 "semantics 3; RFC 5102 5.11.3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) {
       cell.set(kEndReasonNumbers[static_cast<std::size_t>(flow.row_end_reason())]);
     }>},
    {host_column("end_reason_text", FG_STRING, FG_UNIT_NONE, kTool, "The end reason in words", "semantics 3"),
     each_row<set_end_reason_text>},
    {host_column("segment", FG_U64, FG_UNIT_NONE, kTool, "0 for the first, counted up by continuation", "semantics 2"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(flow.segment); }>, Known::kAtFirst},
    {host_column("snapshot", FG_BOOL, FG_UNIT_NONE, kTool, "1 for an early export", "semantics 3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set_bool(flow.is_snapshot); }>},
    {host_column("direction_basis", FG_STRING, FG_UNIT_NONE, kTool,
                 "What chose the source side: syn syn_ack first_packet inherited", "semantics 2"),
     each_row<[](const BasicFlow& flow, const Cell& cell) {
       cell.set_static(kBasisNames[static_cast<std::size_t>(flow.direction_basis)]);
     }>,
     Known::kAtFirst},
    {host_column("tcp_handshake_completed", FG_BOOL, FG_UNIT_NONE, 0, "SYN, SYN-ACK and its ACK were seen",
                 "semantics 3; RFC 9293 3.5"),
     each_row<[](const BasicFlow& flow, const Cell& cell) {
       cell.set_bool(flow.is_tcp() && flow.tcp.handshake_completed);
     }>},
    {host_column("tcp_reset_before_handshake", FG_BOOL, FG_UNIT_NONE, 0, "Closed by RST, without a completed handshake",
                 "semantics 3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) {
       cell.set_bool(flow.is_tcp() && flow.tcp.reset_before_handshake);
     }>},
    {host_column("tcp_reset_after_handshake", FG_BOOL, FG_UNIT_NONE, 0, "Closed by RST, after a completed handshake",
                 "semantics 3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) {
       cell.set_bool(flow.is_tcp() && flow.tcp.reset_after_handshake);
     }>},
    {host_column("tcp_close_style", FG_STRING, FG_UNIT_NONE, 0,
                 "not_applicable none half_close bidirectional_fin four_way_fin simultaneous_fin reset",
                 "semantics 3; RFC 9293 3.6"),
     each_row<set_close_style>},
    {host_column("out_of_order_packets", FG_U64, FG_UNIT_PACKETS, 0,
                 "Packets older than the flow's greatest timestamp so far", "semantics 3"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(flow.out_of_order_packets); }>},
    {host_column("fragment_packets", FG_U64, FG_UNIT_PACKETS, 0, "First and later IP fragments",
                 "semantics 1; RFC 791, RFC 8200"),
     each_row<[](const BasicFlow& flow, const Cell& cell) { cell.set(flow.fragment_packets); }>},
    // What rows of a run over capture files are sorted by (kReleaseColumns).
    {host_column("release_frame", FG_U64, FG_UNIT_NONE, kTool,
                 "Index of the frame that made the row due, from 0; null at the end of input, whose rows come last",
                 "semantics 3", FG_NULLABLE),
     each_release<[](const ReleaseOrder& order, const Cell& cell) {
       cell.set_if(order.frame != kEndOfInputFrame, order.frame);
     }>},
    {host_column(
         "release_cause", FG_STRING, FG_UNIT_NONE, kTool,
         "What made the row due, as rows of one frame are sorted: sweep snapshot eviction touched close end_of_input",
         "semantics 3"),
     each_release<[](const ReleaseOrder& order, const Cell& cell) {
       cell.set_static(kReleaseCauseNames[static_cast<std::size_t>(order.cause)]);
     }>},
    {host_column("release_deadline", FG_I64, FG_UNIT_NS, kTool | FG_REVEALS_TIME,
                 "Reading of the run's clock at which the row was due, since the epoch; 0 where the cause has none",
                 "semantics 3"),
     each_release<[](const ReleaseOrder& order, const Cell& cell) { cell.set_signed(order.deadline_ns); }>},
    {host_column("release_creation", FG_U64, FG_UNIT_NONE, kTool, "Index of the frame that began the flow, from 0",
                 "semantics 3"),
     each_release<[](const ReleaseOrder& order, const Cell& cell) { cell.set(order.creation); }>},
};

}  // namespace

EventPart event_part(std::uint32_t column) { return kColumns[column].part; }

bool is_known_at_first(std::uint32_t column) { return kColumns[column].known == Known::kAtFirst; }

const fg_feature& flow_feature() {
  static const fg_feature kFeature =
      host_feature<kColumns>("flow", "What the host itself knows of a flow: identity, times, life cycle.");
  return kFeature;
}

}  // namespace flowgauge
