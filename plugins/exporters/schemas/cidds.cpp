// The columns of the CIDDS data sets. Names, order and text are those of the RustiFlow table of that name, in the full
// form and in the contamination-free one.
#include <flowgauge/sdk.hpp>

namespace {

struct Cidds {
  static constexpr fg::About kAbout{.name = "cidds", .version = "1.0", .doc = "The columns of the CIDDS data sets."};
  static constexpr fg::SchemaColumn kColumns[] = {
      {"Src IP", "flow.src_ip", FG_STRING, FG_UNIT_NONE},
      {"Src Port", "flow.src_port", FG_U64, FG_UNIT_NONE},
      {"Src Port (IANA)", "port_class(flow.src_port)", FG_STRING, FG_UNIT_NONE, FG_WHEN_CLEAN},
      {"Dst IP", "flow.dst_ip", FG_STRING, FG_UNIT_NONE},
      {"Dst Port", "flow.dst_port", FG_U64, FG_UNIT_NONE},
      {"Dst Port (IANA)", "port_class(flow.dst_port)", FG_STRING, FG_UNIT_NONE, FG_WHEN_CLEAN},
      {"Proto", "map(flow.protocol){6: 'TCP'; 17: 'UDP'; 1: 'ICMP'; 58: 'ICMP'; else 'OTHER'}", FG_STRING,
       FG_UNIT_NONE},
      {"Date first seen", "time_text(floor(flow.first_seen, us))", FG_STRING, FG_UNIT_NONE},
      // Cut twice: to microseconds as the times are, then to milliseconds.
      {"Duration", "trunc_div(elapsed(flow.first_seen, flow.last_seen, us), 1000)", FG_I64, FG_UNIT_MS},
      {"Bytes", "packet_length.flow.total", FG_U64, FG_UNIT_BYTES},
      {"Packets", "packet_length.flow.count", FG_U64, FG_UNIT_PACKETS},
      {"Flags", "tcp_flags.text", FG_STRING, FG_UNIT_NONE},
  };
};

}  // namespace

FG_MODULE("cidds", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<Cidds>);
