#include "core/flow/packet_columns.h"

#include "core/flow/flow_record.h"
#include "core/flow/host_columns.h"
#include "core/packet/batch.h"

namespace flowgauge {
namespace {

bool is_fragment(const fg_packet& packet) {
  return (packet.marks & (FG_MARK_FIRST_FRAGMENT | FG_MARK_LATER_FRAGMENT)) != 0;
}
bool is_tcp_with_header(const fg_packet& packet) {
  return packet.ip_protocol == kIpProtocolTcp && (packet.marks & FG_MARK_LATER_FRAGMENT) == 0;
}
bool is_icmp(const fg_packet& packet) { return (packet.marks & FG_MARK_ICMP) != 0; }

const PacketBatch& batch_of(const fg_emit& emit) { return *static_cast<const HostEmit&>(emit).packets; }

template <auto Set>
void each_packet(const fg_emit& emit, const fg_vector& vector) {
  const PacketBatch& batch = batch_of(emit);
  for (std::uint32_t row = 0; row < emit.row_count; ++row) Set(batch.packets[row], HostCell{emit, vector, row});
}

// What the batch has beside the packets themselves.
template <auto Set>
void each_place(const fg_emit& emit, const fg_vector& vector) {
  const PacketBatch& batch = batch_of(emit);
  for (std::uint32_t row = 0; row < emit.row_count; ++row) Set(batch, HostCell{emit, vector, row});
}

struct PacketColumn {
  fg_column declared;
  void (*write)(const fg_emit& emit, const fg_vector& vector);
};

constexpr PacketColumn kPacketColumns[] = {
    {host_column("frame", FG_U64, FG_UNIT_NONE, FG_REVEALS_TOOL, "Index of the frame in the run, from 0",
                 "semantics 1, 5"),
     each_place<[](const PacketBatch& batch, const HostCell& cell) { cell.set(batch.frames[cell.row]); }>},
    {host_column("flow", FG_U64, FG_UNIT_NONE, FG_REVEALS_TOOL,
                 "Number of the packet's flow: the index of the frame that began it, flow.release_creation",
                 "semantics 3, 5"),
     each_place<[](const PacketBatch& batch, const HostCell& cell) {
       cell.set(basic_flow(batch.records[cell.row]).creation);
     }>},
    {host_column("time", FG_I64, FG_UNIT_NS, FG_REVEALS_TIME, "Timestamp, since the epoch", "semantics 1, 5"),
     each_place<[](const PacketBatch& batch, const HostCell& cell) {
       cell.set_signed(batch.timestamps_ns[cell.row]);
     }>},
    {host_column("flow_time", FG_I64, FG_UNIT_NS, FG_REVEALS_NOTHING,
                 "Since the flow's packet that arrived first; negative if older", "semantics 3, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set_signed(packet.time_ns); }>},
    {host_column("gap", FG_U64, FG_UNIT_NS, FG_REVEALS_NOTHING,
                 "Since the flow's greatest timestamp so far; 0 if first or older", "semantics 3, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.gap_ns); }>},
    {host_column("direction_gap", FG_U64, FG_UNIT_NS, FG_REVEALS_NOTHING, "As gap, in the packet's own direction",
                 "semantics 3, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.direction_gap_ns); }>},
    {host_column("index", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING, "Packets of the flow before this one",
                 "semantics 3, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.flow_index); }>},
    {host_column("direction_index", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING,
                 "As index, in the packet's own direction", "semantics 3, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.direction_index); }>},
    {host_column("direction", FG_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING, "1 from the source, -1 to it",
                 "semantics 2, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) {
       cell.set_signed(packet.direction == FG_FORWARD ? 1 : -1);
     }>},
    {host_column("ip_version", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING, "4 or 6", "semantics 1, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.ip_version); }>},
    {host_column("protocol", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING,
                 "IANA protocol number of the innermost transport", "semantics 1, 5; IANA protocol numbers"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.ip_protocol); }>},
    {host_column("ip_length", FG_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING, "IP length", "semantics 1, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.ip_length_bytes); }>},
    {host_column("payload_length", FG_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING, "Payload length", "semantics 1, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.payload_length_bytes); }>},
    {host_column("l3_header_length", FG_U64, FG_UNIT_BYTES, FG_REVEALS_OS, "L3 header length", "semantics 1, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.l3_header_bytes); }>},
    {host_column("l4_header_length", FG_U64, FG_UNIT_BYTES, FG_REVEALS_OS, "L4 header length", "semantics 1, 5"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.l4_header_bytes); }>},
    {host_column("ttl", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS, "TTL or hop limit",
                 "semantics 1, 5; RFC 791 3.1; RFC 8200 3"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set(packet.ttl); }>},
    {host_column("fragment", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING, "A first or later IP fragment",
                 "semantics 1, 5; RFC 791, RFC 8200"),
     each_packet<[](const fg_packet& packet, const HostCell& cell) { cell.set_bool(is_fragment(packet)); }>},
    {host_column("tcp_flags", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING,
                 "CWR ECE URG ACK PSH RST SYN FIN, FIN lowest; null without a TCP header, as all tcp_ columns",
                 "semantics 1, 5; RFC 9293 3.1", FG_NULLABLE),
     each_packet<[](const fg_packet& packet, const HostCell& cell) {
       cell.set_if(is_tcp_with_header(packet), packet.tcp_flags);
     }>},
    {host_column("tcp_seq", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS, "Sequence number", "semantics 1, 5; RFC 9293 3.1",
                 FG_NULLABLE),
     each_packet<[](const fg_packet& packet, const HostCell& cell) {
       cell.set_if(is_tcp_with_header(packet), packet.tcp_seq);
     }>},
    {host_column("tcp_ack", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS, "Acknowledgement number, whatever the flag ACK",
                 "semantics 1, 5; RFC 9293 3.1", FG_NULLABLE),
     each_packet<[](const fg_packet& packet, const HostCell& cell) {
       cell.set_if(is_tcp_with_header(packet), packet.tcp_ack);
     }>},
    {host_column("tcp_window", FG_U64, FG_UNIT_NONE, FG_REVEALS_OS, "Window as sent, unscaled",
                 "semantics 1, 5; RFC 9293 3.1", FG_NULLABLE),
     each_packet<[](const fg_packet& packet, const HostCell& cell) {
       cell.set_if(is_tcp_with_header(packet), packet.tcp_window);
     }>},
    {host_column("icmp_type", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING, "Type of ICMP or ICMPv6; null without one",
                 "semantics 1, 5; RFC 792, RFC 4443", FG_NULLABLE),
     each_packet<[](const fg_packet& packet, const HostCell& cell) {
       cell.set_if(is_icmp(packet), packet.icmp_type);
     }>},
    {host_column("icmp_code", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING, "Code of ICMP or ICMPv6; null without one",
                 "semantics 1, 5; RFC 792, RFC 4443", FG_NULLABLE),
     each_packet<[](const fg_packet& packet, const HostCell& cell) {
       cell.set_if(is_icmp(packet), packet.icmp_code);
     }>},
};

}  // namespace

const fg_feature& packet_feature() {
  static const fg_feature kFeature =
      host_feature<kPacketColumns>("packet", "A packet, with its flow's number: rows of packets, not of flows.");
  return kFeature;
}

}  // namespace flowgauge
