// Which pairs of one-way flows are halves of a conversation, and that the sample hangs on the set of flows alone.
#include "core/flow/vlan_halves.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "tests/flow/two_hosts.h"

namespace flowgauge::test {
namespace {

using namespace literals;

constexpr std::int64_t kIdle = 120_s;

// The flow of `packet`'s key that only its sender fed.
BasicFlow one_way(const packet_event& packet, std::int64_t first_ns, std::int64_t last_ns) {
  BasicFlow flow{};
  const KeyOfPacket id = key_of(packet, KeyRule::kFull);
  flow.key = id.key;
  flow.source = id.sender;
  flow.packets = {1, 0};
  flow.direction_first_ns = {first_ns, first_ns};
  flow.direction_last_ns = {last_ns, last_ns};
  return flow;
}

std::uint64_t conversations(const std::vector<BasicFlow>& flows, std::int64_t idle_timeout_ns = kIdle) {
  VlanHalves halves;
  for (const BasicFlow& flow : flows) halves.add(flow);
  return halves.find(idle_timeout_ns).conversations;
}

TEST(VlanHalves, AreOppositeOneWayFlowsOfDifferentVlans) {
  EXPECT_EQ(conversations({one_way(forth().vlan(100), 0, 0), one_way(back(), 10, 10)}), 1U);
  EXPECT_EQ(conversations({one_way(back(), 10, 10), one_way(forth().vlan(100), 0, 0)}), 1U) << "in any order";
  EXPECT_EQ(conversations({one_way(forth().vlan(1), 0, 0), one_way(back().vlan(2), 10, 10)}), 1U);
  EXPECT_EQ(conversations({one_way(forth().vlan(1), 0, 0), one_way(forth().vlan(2), 0, 0)}), 0U) << "one direction";
  EXPECT_EQ(conversations({one_way(forth(), 0, 0), one_way(back(), 10, 10)}), 0U) << "one VLAN";
  EXPECT_EQ(conversations({one_way(forth().vlan(1), 0, 0), one_way(other(), 10, 10)}), 0U) << "other hosts";
  EXPECT_EQ(conversations({one_way(forth().vlan(1), 0, 0)}), 0U);
  EXPECT_EQ(conversations({one_way(forth().vlan(1).tunnel(PACKET_TUNNEL_VXLAN, 1), 0, 0),
                           one_way(back().tunnel(PACKET_TUNNEL_VXLAN, 2), 0, 0)}),
            0U)
      << "no_vlan would not join them";
}

TEST(VlanHalves, TheSenderIsTheSideThatHasPackets) {
  BasicFlow turned = one_way(back(), 0, 0);  // its source is the side that is silent
  turned.source ^= 1U;
  turned.packets = {0, 1};
  EXPECT_EQ(conversations({one_way(forth().vlan(1), 0, 0), turned}), 1U);
}

TEST(VlanHalves, AFlowOfBothSidesIsNone) {
  BasicFlow whole = one_way(back(), 0, 0);
  whole.packets = {1, 1};
  EXPECT_EQ(conversations({one_way(forth().vlan(1), 0, 0), whole}), 0U);
}

TEST(VlanHalves, AreNoFurtherApartThanTheIdleTimeout) {
  const auto apart = [](std::int64_t gap_ns, std::int64_t idle_timeout_ns) {
    return conversations({one_way(forth().vlan(1), 0, 1_s), one_way(back(), 1_s + gap_ns, 1_s + gap_ns)},
                         idle_timeout_ns);
  };
  EXPECT_EQ(apart(kIdle, kIdle), 1U);
  EXPECT_EQ(apart(kIdle + 1, kIdle), 0U);
  EXPECT_EQ(apart(100 * kIdle, 0), 1U) << "never";
  EXPECT_EQ(conversations({one_way(back(), 200_s, 200_s), one_way(forth().vlan(1), 0, 1_s)}), 0U);
}

TEST(VlanHalves, AConversationCountsOnce) {
  std::vector<BasicFlow> flows;
  for (int segment = 0; segment < 10; ++segment) {
    flows.push_back(one_way(forth().vlan(7), segment * 10_s, segment * 10_s));
    flows.push_back(one_way(back().vlan(8), segment * 10_s, segment * 10_s));
    flows.push_back(one_way(back(), segment * 10_s, segment * 10_s));
  }
  EXPECT_EQ(conversations(flows), 1U);
}

// Ports 0 to `count`: each a conversation of two halves.
std::vector<BasicFlow> many(std::uint32_t count) {
  std::vector<BasicFlow> flows;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto port = static_cast<std::uint16_t>(i);
    flows.push_back(one_way(event().udp("10.0.0.1", port, "10.0.0.2", 53).vlan(100), 0, 0));
    flows.push_back(one_way(event().udp("10.0.0.2", 53, "10.0.0.1", port), 1, 1));
  }
  return flows;
}

TEST(VlanHalves, OfManyASampleIsTaken) {
  VlanHalves halves;
  for (const BasicFlow& flow : many(VlanHalves::kMostSides / 2)) halves.add(flow);
  EXPECT_EQ(halves.sides(), VlanHalves::kMostSides);
  EXPECT_EQ(halves.find(kIdle).conversations, VlanHalves::kMostSides / 2);
  EXPECT_EQ(halves.find(kIdle).one_in, 1U);
  for (const BasicFlow& flow : many(50'000)) halves.add(flow);
  EXPECT_LE(halves.sides(), VlanHalves::kMostSides);
  EXPECT_GT(halves.sides(), VlanHalves::kMostSides / 4) << "no lower than it must be";
  const VlanHalvesFound found = halves.find(kIdle);
  const double estimate = static_cast<double>(found.conversations * found.one_in);
  EXPECT_NEAR(estimate, 50'000, 5'000);  // some 1,500 are in it: a standard deviation of about 1,300
}

TEST(VlanHalves, TheSampleHangsOnTheFlowsAloneNotOnTheirOrderOrTheShards) {
  std::vector<BasicFlow> flows = many(20'000);
  VlanHalves alone;
  for (const BasicFlow& flow : flows) alone.add(flow);
  std::mt19937 random(7);
  std::shuffle(flows.begin(), flows.end(), random);
  for (const std::size_t shards : {1U, 2U, 7U, 256U}) {
    std::vector<VlanHalves> parts(shards);
    for (const BasicFlow& flow : flows) parts[partition_of(flow.key) % shards].add(flow);
    VlanHalves merged;
    for (const VlanHalves& part : parts) merged.merge(part);
    EXPECT_EQ(merged.level(), alone.level()) << shards;
    EXPECT_EQ(merged.sides(), alone.sides()) << shards;
    EXPECT_EQ(merged.find(kIdle).conversations, alone.find(kIdle).conversations) << shards;
  }
}

TEST(VlanHalves, ManyVlansOfOneFiveTupleTakeNoMoreMemory) {
  VlanHalves halves;
  for (std::uint16_t vlan = 0; vlan < 4095; ++vlan) {
    halves.add(one_way(forth().vlan(vlan), 0, 0));
    halves.add(one_way(back().vlan(vlan), 0, 0));
  }
  EXPECT_LE(halves.sides(), VlanHalves::kMostSides);
  EXPECT_LE(halves.find(kIdle).conversations, 1U);
}

}  // namespace
}  // namespace flowgauge::test
