// What a column means: by metadata, and by name.
#include "core/summary/column_meaning.h"

#include <gtest/gtest.h>

namespace flowgauge::test {
namespace {

TEST(ColumnMeaning, MetadataSaysIt) {
  struct Row {
    std::string_view expression;
    Role role;
  };
  for (const Row& row :
       {Row{"time_text(floor(flow.first_seen, us))", Role::kStart}, Row{"flow.last_seen", Role::kEnd},
        Row{"elapsed(flow.first_seen, flow.last_seen, us)", Role::kDuration},
        Row{"map(flow.protocol){6: 'TCP'; else 'a.b'}", Role::kProtocol}, Row{"flow.dst_port", Role::kDestinationPort},
        Row{"port_class(flow.dst_port)", Role::kNone}, Row{"endpoint.service_group", Role::kService},
        Row{"payload_length.bwd.count", Role::kBackwardPackets}, Row{"payload_length.bwd.total", Role::kNone},
        Row{"if(flow.protocol == 1, icmp.type, 0)", Role::kNone}, Row{"flow.snapshot", Role::kSnapshot},
        Row{"", Role::kNone}}) {
    const ColumnNote note{.name = "x",
                          .role = "feature",
                          .type = "",
                          .unit = "us",
                          .expression = std::string(row.expression),
                          .classes = {}};
    EXPECT_EQ(meaning_of("protocol", &note).role, row.role) << row.expression;
  }
  const ColumnNote label{.name = "x", .role = "label", .type = "", .unit = "", .expression = "", .classes = {}};
  EXPECT_EQ(meaning_of("x", &label).role, Role::kLabel);
}

TEST(ColumnMeaning, NamesOfOtherTables) {
  struct Row {
    std::string_view name;
    Role role;
    std::int64_t unit_ns;
  };
  for (const Row& row :
       {Row{"Flow Duration", Role::kDuration, 0}, Row{"FLOW_DURATION_MILLISECONDS", Role::kDuration, 1'000'000},
        Row{"bidirectional_first_seen_ms", Role::kStart, 1'000'000}, Row{"id.resp_p", Role::kDestinationPort, 0},
        Row{"L4_DST_PORT", Role::kDestinationPort, 0}, Row{"Tot Fwd Pkts", Role::kForwardPackets, 0},
        Row{"Label", Role::kLabel, 0}, Row{"flow.end_reason", Role::kEndReason, 0}, Row{"bytes", Role::kNone, 0}}) {
    EXPECT_EQ(meaning_of(row.name, nullptr).role, row.role) << row.name;
    if (row.unit_ns != 0) {
      EXPECT_EQ(meaning_of(row.name, nullptr).unit_ns, row.unit_ns) << row.name;
    }
  }
}

TEST(ColumnMeaning, UnitsOfMoments) {
  EXPECT_EQ(unit_of_time(1.7e9), 1'000'000'000);
  EXPECT_EQ(unit_of_time(1.7e12), 1'000'000);
  EXPECT_EQ(unit_of_time(1.7e15), 1'000);
  EXPECT_EQ(unit_of_time(1.7e18), 1);
  EXPECT_EQ(unit_of_time(12), 0);
}

}  // namespace
}  // namespace flowgauge::test
