#include "core/flow/community_id.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/flow/flow_table.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

std::string community_id(const packet_event& packet) {
  FlowTable table({});
  EventBlock block;
  block.events = {packet};
  block.frames = {0};
  assign_partitions(block, KeyRule::kFull);
  std::string text;
  table.process(block, [&](const PacketBatch& batch) {
    std::array<char, kCommunityIdBytes> out;
    text.assign(out.data(), write_community_id(out.data(), basic_flow(batch.records[0])));
  });
  return text;
}

// The reference values of the specification's own baseline.
TEST(CommunityId, MatchesTheSpecificationsBaseline) {
  EXPECT_EQ(community_id(event().tcp("128.232.110.120", 34855, "66.35.250.204", 80)), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  EXPECT_EQ(community_id(event().tcp("66.35.250.204", 80, "128.232.110.120", 34855)), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  EXPECT_EQ(community_id(event().udp("192.168.1.52", 54585, "8.8.8.8", 53)), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
  EXPECT_EQ(community_id(event().icmp("192.168.0.89", "192.168.0.1", 8)), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  EXPECT_EQ(community_id(event().icmp("192.168.0.1", "192.168.0.89", 0)), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
}

}  // namespace
}  // namespace flowgauge::test
