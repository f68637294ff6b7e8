// The packets schema: a row for each packet, with its flow's number. All columns of `packet`, under their own names.
#include <flowgauge/sdk.hpp>

namespace {

struct Packets {
  static constexpr fg::About kAbout{
      .name = "packets", .version = "1.0", .doc = "A row for each packet in order of arrival, with its flow's number."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"frame", "packet.frame", FG_U64, FG_UNIT_NONE},
      {"flow", "packet.flow", FG_U64, FG_UNIT_NONE},
      {"time", "packet.time", FG_I64, FG_UNIT_NS},
      {"flow_time", "packet.flow_time", FG_I64, FG_UNIT_NS},
      {"gap", "packet.gap", FG_U64, FG_UNIT_NS},
      {"direction_gap", "packet.direction_gap", FG_U64, FG_UNIT_NS},
      {"index", "packet.index", FG_U64, FG_UNIT_PACKETS},
      {"direction_index", "packet.direction_index", FG_U64, FG_UNIT_PACKETS},
      {"direction", "packet.direction", FG_I64, FG_UNIT_NONE},
      {"ip_version", "packet.ip_version", FG_U64, FG_UNIT_NONE},
      {"protocol", "packet.protocol", FG_U64, FG_UNIT_NONE},
      {"ip_length", "packet.ip_length", FG_U64, FG_UNIT_BYTES},
      {"payload_length", "packet.payload_length", FG_U64, FG_UNIT_BYTES},
      {"l3_header_length", "packet.l3_header_length", FG_U64, FG_UNIT_BYTES},
      {"l4_header_length", "packet.l4_header_length", FG_U64, FG_UNIT_BYTES},
      {"ttl", "packet.ttl", FG_U64, FG_UNIT_NONE},
      {"fragment", "packet.fragment", FG_BOOL, FG_UNIT_NONE},
      {"tcp_flags", "packet.tcp_flags", FG_U64, FG_UNIT_NONE},
      {"tcp_seq", "packet.tcp_seq", FG_U64, FG_UNIT_NONE},
      {"tcp_ack", "packet.tcp_ack", FG_U64, FG_UNIT_NONE},
      {"tcp_window", "packet.tcp_window", FG_U64, FG_UNIT_NONE},
      {"icmp_type", "packet.icmp_type", FG_U64, FG_UNIT_NONE},
      {"icmp_code", "packet.icmp_code", FG_U64, FG_UNIT_NONE},
  };
};

}  // namespace

FG_MODULE("packets", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<Packets>);
