// RustiFlow's table `nfstream`, in the full form and in the contamination-free one: names after NFStream's, rules and
// values of flowgauge. With the option `gaps: fill` it also has columns of NFStream that RustiFlow lacks. What NFStream
// itself gives differs.
#include <flowgauge/sdk.hpp>

namespace {

struct Nfstream {
  static constexpr fg::About kAbout{
      .name = "nfstream",
      .version = "1.0",
      .doc = "RustiFlow's table of this name: columns named after NFStream's; not the table NFStream makes."};
  static constexpr fg::Option kOptions[] = {
      fg::Option{
          "gaps",
          "fill: also MACs, their makers (OUI), VLAN and tunnel id, where NFStream has them; none: RustiFlow's table",
          FG_STRING, FG_UNIT_NONE, "none"}
          .one_of<"none", "fill">(),
  };
  static constexpr fg::SchemaColumn kColumns[] = {
      {"id", "flow.id", FG_STRING, FG_UNIT_NONE},
      // 0: idle or closed, 1: active timeout, -1: another end. Not in the reference's clean table.
      {"expiration_id",
       "map(flow.end_reason_text){'Active Timeout': 1; 'Idle Timeout': 0; 'TCP Normal Termination': 0; else -1}",
       FG_I64, FG_UNIT_NONE, FG_WHEN_FULL},
      {"src_ip", "flow.src_ip", FG_STRING, FG_UNIT_NONE},
      fg::SchemaColumn{"src_mac", "flow.src_mac", FG_STRING, FG_UNIT_NONE}.where("gaps=fill"),
      fg::SchemaColumn{"src_oui", "prefix(flow.src_mac, 8)", FG_STRING, FG_UNIT_NONE}.where("gaps=fill"),
      {"src_port", "flow.src_port", FG_U64, FG_UNIT_NONE},
      {"src_port_iana", "port_class(flow.src_port)", FG_STRING, FG_UNIT_NONE, FG_WHEN_CLEAN},
      {"dst_ip", "flow.dst_ip", FG_STRING, FG_UNIT_NONE},
      fg::SchemaColumn{"dst_mac", "flow.dst_mac", FG_STRING, FG_UNIT_NONE}.where("gaps=fill"),
      fg::SchemaColumn{"dst_oui", "prefix(flow.dst_mac, 8)", FG_STRING, FG_UNIT_NONE}.where("gaps=fill"),
      {"dst_port", "flow.dst_port", FG_U64, FG_UNIT_NONE},
      {"dst_port_iana", "port_class(flow.dst_port)", FG_STRING, FG_UNIT_NONE, FG_WHEN_CLEAN},
      {"protocol", "flow.protocol", FG_U64, FG_UNIT_NONE},
      {"ip_version", "flow.ip_version", FG_U64, FG_UNIT_NONE},
      fg::SchemaColumn{"vlan_id", "flow.vlan_id", FG_U64, FG_UNIT_NONE}.where("gaps=fill"),
      fg::SchemaColumn{"tunnel_id", "flow.tunnel_id", FG_U64, FG_UNIT_NONE}.where("gaps=fill"),
      // Of the whole flow, whole milliseconds; of a direction, microseconds as fractions of a millisecond.
      {"bidirectional_first_seen_ms", "trunc_div(floor(flow.first_seen, us), 1000)", FG_I64, FG_UNIT_MS},
      {"bidirectional_last_seen_ms", "trunc_div(floor(flow.last_seen, us), 1000)", FG_I64, FG_UNIT_MS},
      {"bidirectional_duration_ms", "trunc_div(elapsed(flow.first_seen, flow.last_seen, us), 1000)", FG_I64,
       FG_UNIT_MS},
      {"bidirectional_packets", "packet_length.flow.count", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_bytes", "packet_length.flow.total", FG_U64, FG_UNIT_BYTES},
      {"src2dst_first_seen_ms", "floor(timing.fwd_first, us) / 1000", FG_F64, FG_UNIT_MS},
      {"src2dst_last_seen_ms", "floor(timing.fwd_last, us) / 1000", FG_F64, FG_UNIT_MS},
      {"src2dst_duration_ms", "elapsed(timing.fwd_first, timing.fwd_last, us) / 1000", FG_F64, FG_UNIT_MS},
      {"src2dst_packets", "packet_length.fwd.count", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_bytes", "packet_length.fwd.total", FG_U64, FG_UNIT_BYTES},
      {"dst2src_first_seen_ms", "floor(timing.bwd_first, us) / 1000", FG_F64, FG_UNIT_MS},
      {"dst2src_last_seen_ms", "floor(timing.bwd_last, us) / 1000", FG_F64, FG_UNIT_MS},
      {"dst2src_duration_ms", "elapsed(timing.bwd_first, timing.bwd_last, us) / 1000", FG_F64, FG_UNIT_MS},
      {"dst2src_packets", "packet_length.bwd.count", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_bytes", "packet_length.bwd.total", FG_U64, FG_UNIT_BYTES},
      {"bidirectional_min_ps", "packet_length.flow.min", FG_U64, FG_UNIT_BYTES},
      {"bidirectional_mean_ps", "packet_length.flow.mean", FG_F64, FG_UNIT_BYTES},
      {"bidirectional_stddev_ps", "packet_length.flow.std", FG_F64, FG_UNIT_BYTES},
      {"bidirectional_max_ps", "packet_length.flow.max", FG_U64, FG_UNIT_BYTES},
      {"src2dst_min_ps", "packet_length.fwd.min", FG_U64, FG_UNIT_BYTES},
      {"src2dst_mean_ps", "packet_length.fwd.mean", FG_F64, FG_UNIT_BYTES},
      {"src2dst_stddev_ps", "packet_length.fwd.std", FG_F64, FG_UNIT_BYTES},
      {"src2dst_max_ps", "packet_length.fwd.max", FG_U64, FG_UNIT_BYTES},
      {"dst2src_min_ps", "packet_length.bwd.min", FG_U64, FG_UNIT_BYTES},
      {"dst2src_mean_ps", "packet_length.bwd.mean", FG_F64, FG_UNIT_BYTES},
      {"dst2src_stddev_ps", "packet_length.bwd.std", FG_F64, FG_UNIT_BYTES},
      {"dst2src_max_ps", "packet_length.bwd.max", FG_U64, FG_UNIT_BYTES},
      {"bidirectional_min_piat_ms", "ms(iat.iat.min)", FG_F64, FG_UNIT_MS},
      {"bidirectional_mean_piat_ms", "ms(iat.iat.mean)", FG_F64, FG_UNIT_MS},
      {"bidirectional_stddev_piat_ms", "ms(iat.iat.std)", FG_F64, FG_UNIT_MS},
      {"bidirectional_max_piat_ms", "ms(iat.iat.max)", FG_F64, FG_UNIT_MS},
      {"src2dst_min_piat_ms", "ms(iat.fwd.min)", FG_F64, FG_UNIT_MS},
      {"src2dst_mean_piat_ms", "ms(iat.fwd.mean)", FG_F64, FG_UNIT_MS},
      {"src2dst_stddev_piat_ms", "ms(iat.fwd.std)", FG_F64, FG_UNIT_MS},
      {"src2dst_max_piat_ms", "ms(iat.fwd.max)", FG_F64, FG_UNIT_MS},
      {"dst2src_min_piat_ms", "ms(iat.bwd.min)", FG_F64, FG_UNIT_MS},
      {"dst2src_mean_piat_ms", "ms(iat.bwd.mean)", FG_F64, FG_UNIT_MS},
      {"dst2src_stddev_piat_ms", "ms(iat.bwd.std)", FG_F64, FG_UNIT_MS},
      {"dst2src_max_piat_ms", "ms(iat.bwd.max)", FG_F64, FG_UNIT_MS},
      {"bidirectional_syn_packets", "tcp_flags.all_syn", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_cwr_packets", "tcp_flags.all_cwr", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_ece_packets", "tcp_flags.all_ece", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_urg_packets", "tcp_flags.all_urg", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_ack_packets", "tcp_flags.all_ack", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_psh_packets", "tcp_flags.all_psh", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_rst_packets", "tcp_flags.all_rst", FG_U64, FG_UNIT_PACKETS},
      {"bidirectional_fin_packets", "tcp_flags.all_fin", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_syn_packets", "tcp_flags.fwd_syn", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_cwr_packets", "tcp_flags.fwd_cwr", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_ece_packets", "tcp_flags.fwd_ece", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_urg_packets", "tcp_flags.fwd_urg", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_ack_packets", "tcp_flags.fwd_ack", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_psh_packets", "tcp_flags.fwd_psh", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_rst_packets", "tcp_flags.fwd_rst", FG_U64, FG_UNIT_PACKETS},
      {"src2dst_fin_packets", "tcp_flags.fwd_fin", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_syn_packets", "tcp_flags.bwd_syn", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_cwr_packets", "tcp_flags.bwd_cwr", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_ece_packets", "tcp_flags.bwd_ece", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_urg_packets", "tcp_flags.bwd_urg", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_ack_packets", "tcp_flags.bwd_ack", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_psh_packets", "tcp_flags.bwd_psh", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_rst_packets", "tcp_flags.bwd_rst", FG_U64, FG_UNIT_PACKETS},
      {"dst2src_fin_packets", "tcp_flags.bwd_fin", FG_U64, FG_UNIT_PACKETS},
  };
};

}  // namespace

FG_MODULE("nfstream", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<Nfstream>);
