// The basic schema: who spoke to whom, when, and how it ended. Names, order and text are those of the RustiFlow table
// of that name, in the full form and in the contamination-free one.
#include <flowgauge/sdk.hpp>

namespace {

struct Basic {
  static constexpr fg::About kAbout{
      .name = "basic", .version = "1.0", .doc = "Endpoints, protocol, times and end of a flow."};
  // Times in microseconds; durations are differences of the cut times.
  static constexpr fg::SchemaColumn kColumns[] = {
      {"flow_id", "flow.id", FG_STRING, FG_UNIT_NONE},
      {"source_ip", "flow.src_ip", FG_STRING, FG_UNIT_NONE},
      {"source_port", "flow.src_port", FG_U64, FG_UNIT_NONE},
      {"src_port_iana", "port_class(flow.src_port)", FG_STRING, FG_UNIT_NONE, FG_WHEN_CLEAN},
      {"destination_ip", "flow.dst_ip", FG_STRING, FG_UNIT_NONE},
      {"destination_port", "flow.dst_port", FG_U64, FG_UNIT_NONE},
      {"dst_port_iana", "port_class(flow.dst_port)", FG_STRING, FG_UNIT_NONE, FG_WHEN_CLEAN},
      {"protocol", "flow.protocol", FG_U64, FG_UNIT_NONE},
      {"first_timestamp", "time_text(floor(flow.first_seen, us))", FG_STRING, FG_UNIT_NONE},
      {"last_timestamp", "time_text(floor(flow.last_seen, us))", FG_STRING, FG_UNIT_NONE},
      {"duration", "elapsed(flow.first_seen, flow.last_seen, us)", FG_I64, FG_UNIT_US},
      {"flow_expire_cause", "flow.end_reason_text", FG_STRING, FG_UNIT_NONE},
  };
};

}  // namespace

FG_MODULE("basic", "1.0", "Apache-2.0", fg::Features<>, fg::Schemas<Basic>);
