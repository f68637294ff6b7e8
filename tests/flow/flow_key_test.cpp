// What makes two packets one flow.
#include "core/flow/flow_key.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

std::size_t flows(KeyRule rule, const std::vector<packet_event>& events) {
  return rows_of({.flow_key = rule}, events).size();
}
std::size_t flows(const std::vector<packet_event>& events) { return flows(KeyRule::kFull, events); }

TEST(FlowKey, BothDirectionsHaveOneKeyAndDifferentSenders) {
  const KeyOfPacket a = key_of(forth(), KeyRule::kFull);
  const KeyOfPacket b = key_of(back(), KeyRule::kFull);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.sender, 0);
  EXPECT_EQ(b.sender, 1);
  EXPECT_EQ(a.key.port, (std::array<std::uint16_t, 2>{1000, 53}));
}

TEST(FlowKey, OfEqualAddressesThePortsDecide) {
  const KeyOfPacket a = key_of(event().udp("10.0.0.1", 9, "10.0.0.1", 5), KeyRule::kFull);
  const KeyOfPacket b = key_of(event().udp("10.0.0.1", 5, "10.0.0.1", 9), KeyRule::kFull);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.sender, 1);
  EXPECT_EQ(b.sender, 0);
  EXPECT_FALSE(a.same_endpoints);
}

TEST(FlowKey, ProtocolsAndVersionsAreApart) {
  EXPECT_EQ(flows({forth(), event().tcp("10.0.0.1", 1000, "10.0.0.2", 53)}), 2U);
  // ::a00:1 has the bytes of no IPv4 address in the first four, but all-zero addresses are equal: the version parts
  // them.
  EXPECT_EQ(flows({event().udp("0.0.0.0", 1, "0.0.0.0", 2), event().udp("::", 1, "::", 2)}), 2U);
}

TEST(FlowKey, TheOutermostVlanCountsTheInnerDoesNot) {
  EXPECT_EQ(flows({forth(), forth().vlan(5)}), 2U);
  EXPECT_EQ(flows({forth().vlan(0), forth()}), 2U);
  EXPECT_EQ(flows({forth().vlan(5), forth().vlan(6)}), 2U);
  EXPECT_EQ(flows({forth().vlan(5).vlan(7), forth().vlan(5).vlan(8)}), 1U);
  for (const KeyRule rule : {KeyRule::kNoVlan, KeyRule::kFiveTuple}) {
    EXPECT_EQ(flows(rule, {forth(), forth().vlan(5), back().vlan(6).vlan(7), back()}), 1U);
  }
}

TEST(FlowKey, WithoutVlanTheRestIsAsInFull) {
  const packet_event tunneled = forth().tunnel(PACKET_TUNNEL_VXLAN, 7);
  EXPECT_EQ(key_of(tunneled, KeyRule::kNoVlan).key, key_of(tunneled, KeyRule::kFull).key);
  const packet_event tagged = forth().vlan(5).tunnel(PACKET_TUNNEL_VXLAN, 7);
  EXPECT_EQ(key_of(tagged, KeyRule::kNoVlan).key, key_of(tunneled, KeyRule::kFull).key);
}

TEST(FlowKey, TunnelTypeCounts) {
  EXPECT_EQ(flows({forth(), forth().tunnel(PACKET_TUNNEL_IPIP)}), 2U);
  EXPECT_EQ(flows({forth().tunnel(PACKET_TUNNEL_6IN4), forth().tunnel(PACKET_TUNNEL_IPIP)}), 2U);
  EXPECT_EQ(flows(KeyRule::kNoVlan, {forth(), forth().tunnel(PACKET_TUNNEL_IPIP)}), 2U);
  EXPECT_EQ(flows(KeyRule::kFiveTuple, {forth(), forth().tunnel(PACKET_TUNNEL_IPIP)}), 1U);
}

TEST(FlowKey, TunnelIdsCountWhereBothDirectionsShareThem) {
  for (const packet_tunnel type : {PACKET_TUNNEL_VXLAN, PACKET_TUNNEL_GENEVE, PACKET_TUNNEL_GRE, PACKET_TUNNEL_ERSPAN,
                                   PACKET_TUNNEL_VXLAN_GPE, PACKET_TUNNEL_LISP}) {
    EXPECT_EQ(flows({forth().tunnel(type, 1), back().tunnel(type, 2)}), 2U) << type;
    EXPECT_EQ(flows({forth().tunnel(type, 1), back().tunnel(type, 1)}), 1U) << type;
  }
  for (const packet_tunnel type : {PACKET_TUNNEL_GTPU, PACKET_TUNNEL_PPTP, PACKET_TUNNEL_L2TP, PACKET_TUNNEL_L2TPV3}) {
    EXPECT_EQ(flows({forth().tunnel(type, 1), back().tunnel(type, 2)}), 1U) << type;
  }
  EXPECT_EQ(flows({forth().tunnel(PACKET_TUNNEL_GRE, 0), forth().tunnel(PACKET_TUNNEL_GRE)}), 2U) << "key 0 is a key";
}

TEST(FlowKey, InterfacesAreApartUnderEveryRule) {
  packet_event first = forth();
  packet_event second = back();
  first.key_interface = 1;
  second.key_interface = 2;
  for (const KeyRule rule : {KeyRule::kFull, KeyRule::kNoVlan, KeyRule::kFiveTuple}) {
    EXPECT_EQ(flows(rule, {first, second}), 2U);
    EXPECT_EQ(flows(rule, {first, forth()}), 2U) << "0 is an interface like others";
  }
  second.key_interface = 1;
  EXPECT_EQ(flows(KeyRule::kFiveTuple, {first, second}), 1U);
  EXPECT_EQ(key_of(first, KeyRule::kFull).key.interface_index, 1);
  packet_event tunnel = forth().tunnel(PACKET_TUNNEL_VXLAN, 9);
  tunnel.key_interface = 3;
  EXPECT_EQ(key_of(tunnel, KeyRule::kFull).key.interface_index, 3) << "beside a tunnel";
  EXPECT_EQ(key_of(tunnel, KeyRule::kFull).key.tunnel_id, 9U);
}

TEST(FlowKey, PartitionsAreTheSameForEver) {
  // Worked out once; a change would move flows between partitions, and with them what a limit evicts.
  const auto partition = [](const packet_event& packet) {
    return int{partition_of(key_of(packet, KeyRule::kFull).key)};
  };
  EXPECT_EQ(partition(event().tcp("10.0.0.1", 1000, "10.0.0.2", 80)), 49);
  EXPECT_EQ(partition(event().udp("2001:db8::1", 1000, "2001:db8::2", 53)), 182);
  EXPECT_EQ(partition(forth().vlan(5)), 204);
  EXPECT_EQ(partition(forth().tunnel(PACKET_TUNNEL_VXLAN, 7)), 137);
}

TEST(FlowKey, PartitionsAreSymmetricAndOfLikeSize) {
  EXPECT_EQ(partition_of(key_of(forth(), KeyRule::kFull).key), partition_of(key_of(back(), KeyRule::kFull).key));
  std::array<int, kPartitions> sizes{};
  for (std::uint16_t port = 0; port < 25600; ++port)
    ++sizes[partition_of(key_of(event().udp("10.0.0.1", port, "10.0.0.2", 53), KeyRule::kFull).key)];
  for (const int size : sizes) {  // 100 on average, standard deviation 10
    EXPECT_GT(size, 50);
    EXPECT_LT(size, 150);
  }
}

}  // namespace
}  // namespace flowgauge::test
