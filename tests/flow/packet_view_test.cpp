// What features see of a packet, and that what they did not ask for stays away.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/flow/flow_table.h"
#include "core/flow/flow_views.h"
#include "tests/flow/two_hosts.h"

namespace flowgauge::test {
namespace {

using namespace literals;

// "direction time gap direction_gap flow_index direction_index marks"
std::vector<std::string> views_of(const std::vector<packet_event>& events) {
  FlowTable table({});
  EventBlock block;
  block.events = events;
  for (std::size_t i = 0; i < events.size(); ++i) block.frames.push_back(i);
  assign_partitions(block, KeyRule::kFull);
  std::vector<std::string> views;
  table.process(block, [&](const PacketBatch& batch) {
    for (std::uint32_t i = 0; i < batch.count; ++i) {
      const fg_packet& p = batch.packets[i];
      views.push_back(fmt::format("{} {} {} {} {} {} {}", p.direction, p.time_ns, p.gap_ns, p.direction_gap_ns,
                                  p.flow_index, p.direction_index, p.marks));
    }
    table.recycle(batch.releases);
  });
  return views;
}

TEST(PacketView, GapsCountFromTheGreatestTimestampSoFar) {
  EXPECT_EQ(views_of({forth().at(100), back().at(130), forth().at(120), forth().at(150), back().at(90)}),
            (std::vector<std::string>{"0 0 0 0 0 0 0", "1 30 30 0 1 0 0",
                                      "0 20 0 20 2 1 1",     // out of order for the flow, in order for its direction
                                      "0 50 20 30 3 2 0",    // 150 - 130, 150 - 120
                                      "1 -10 0 0 4 1 1"}));  // older than the flow's first packet
}

TEST(PacketView, MarksFragmentsAndIcmp) {
  EXPECT_EQ(views_of({forth().first_fragment(1)}), std::vector<std::string>{"0 0 0 0 0 0 2"});
  EXPECT_EQ(views_of({forth().later_fragment(1)}), std::vector<std::string>{"0 0 0 0 0 0 4"});
  EXPECT_EQ(views_of({event().icmp("10.0.0.1", "10.0.0.2", 8)}), std::vector<std::string>{"0 0 0 0 0 0 8"});
}

TEST(PacketView, EveryViewOfAFlowIsFromItsSource) {
  FlowTable table({.needs = FG_NEEDS_KEY | FG_NEEDS_TIME | FG_NEEDS_TAGS});
  EventBlock block;
  block.events = {back().vlan(5).mac(1, 2).at(7)};
  block.frames = {0};
  assign_partitions(block, KeyRule::kFull);
  std::size_t batches = 0;
  table.process(block, [&](const PacketBatch& batch) {
    ++batches;
    ASSERT_EQ(batch.count, 1U);
    EXPECT_EQ(batch.keys[0].source_port, 53);
    EXPECT_EQ(batch.keys[0].destination_address[3], 1);
    EXPECT_EQ(batch.keys[0].source_mac[5], 1);
    EXPECT_EQ(batch.timestamps_ns[0], 7);
    EXPECT_EQ(batch.tags[0].outer_vlan_id, 5);
  });
  ASSERT_EQ(batches, 1U);
  FlowViews views;
  table.drain([&](const PacketBatch& batch) { view_flows(batch.releases, FG_NEEDS_KEY, views); });
  ASSERT_EQ(views.flows.size(), 1U);
  EXPECT_EQ(std::string(views.flows[0].path_locality.data, views.flows[0].path_locality.size_bytes), "private");
  EXPECT_EQ(views.keys.size(), 1U);
  EXPECT_TRUE(views.first_seen_ns.empty());
  EXPECT_TRUE(views.tags.empty());
  EXPECT_EQ(views.start_ns, std::vector<std::int64_t>{7});
}

// What the host tells emit of a direction, on the scale of a packet's time: smallest, greatest, first to arrive.
std::string times_of(const std::vector<packet_event>& events) {
  FlowTable table({});
  EventBlock block;
  block.events = events;
  for (std::size_t i = 0; i < events.size(); ++i) block.frames.push_back(i);
  assign_partitions(block, KeyRule::kFull);
  table.process(block, [](const PacketBatch& batch) { EXPECT_TRUE(batch.releases.empty()); });
  FlowViews views;
  table.drain([&](const PacketBatch& batch) { view_flows(batch.releases, FG_NEEDS_NOTHING, views); });
  std::string text;
  for (const fg_flow& flow : views.flows) {
    for (const unsigned side : {FG_FORWARD, FG_BACKWARD}) {
      const bool never = flow.first_ns[side] == FG_NEVER;
      EXPECT_EQ(flow.last_ns[side] == FG_NEVER, never);
      EXPECT_EQ(flow.start_ns[side] == FG_NEVER, never);
      text +=
          never ? "never; " : fmt::format("{} {} {}; ", flow.first_ns[side], flow.last_ns[side], flow.start_ns[side]);
    }
  }
  return text;
}

TEST(FlowView, HasTheTimesOfEachDirection) {
  EXPECT_EQ(times_of({forth().at(100)}), "0 0 0; never; ");
  EXPECT_EQ(times_of({forth().at(100), forth().at(400), forth().at(250)}), "0 300 0; never; ");
  // 600, 300, 1000 less 100; 40 - 100
  EXPECT_EQ(times_of({forth().at(100), back().at(600), back().at(300), back().at(1000), forth().at(40)}),
            "-60 0 0; 200 900 500; ");
  // all of the other side is older than the flow's first packet
  EXPECT_EQ(times_of({forth().at(100), back().at(50), back().at(20), back().at(70)}), "0 0 0; -80 -30 -50; ");
}

}  // namespace
}  // namespace flowgauge::test
