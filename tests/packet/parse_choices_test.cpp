#include "core/packet/parse/choices.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <vector>

namespace flowgauge {
namespace {

std::vector<std::uint16_t> given(const std::uint16_t (&ports)[PACKET_MAX_TUNNEL_PORTS]) {
  std::vector<std::uint16_t> result(std::begin(ports), std::end(ports));
  std::erase(result, 0);
  return result;
}

TEST(ParseChoices, WithoutAnyTheParserIsAsItIsByItself) {
  const packet_parse_config made = parse_config_of({}, PACKET_FRAGMENTS_OF_VLAN);
  const packet_parse_config own = packet_parse_defaults();
  EXPECT_EQ(made.decapsulate_inner, own.decapsulate_inner);
  EXPECT_EQ(made.drop_later_fragments, own.drop_later_fragments);
  EXPECT_EQ(made.udp_by_packet, own.udp_by_packet);
  EXPECT_EQ(made.l2tpv3_cookie_bytes, own.l2tpv3_cookie_bytes);
  EXPECT_EQ(made.fragment_scope, own.fragment_scope);
  EXPECT_TRUE(std::ranges::equal(made.protocols, own.protocols));
  EXPECT_EQ(given(made.vxlan_ports), given(own.vxlan_ports));
  EXPECT_EQ(given(made.geneve_ports), given(own.geneve_ports));
  EXPECT_EQ(given(made.gtpu_ports), given(own.gtpu_ports));
  EXPECT_TRUE(std::ranges::equal(made.tunnel_ports, own.tunnel_ports));
}

TEST(ParseChoices, EachReachesTheParser) {
  ParseChoices choices;
  choices.decapsulate = Decapsulate::kOuter;
  choices.fragments = FragmentRule::kDrop;
  choices.udp_payload = UdpPayload::kPacket;
  choices.protocols = {6, 132};
  choices.vxlan_ports = {77};
  choices.geneve_ports = {};
  choices.gtpu_ports = {1, 2, 3, 4, 5, 6, 7, 8};
  choices.l2tpv3_cookie_bytes = 8;
  const packet_parse_config made = parse_config_of(choices, PACKET_FRAGMENTS_OF_ADDRESSES);
  EXPECT_EQ(made.decapsulate_inner, 0);
  EXPECT_EQ(made.drop_later_fragments, 1);
  EXPECT_EQ(made.udp_by_packet, 1);
  EXPECT_EQ(made.l2tpv3_cookie_bytes, 8);
  EXPECT_EQ(made.fragment_scope, PACKET_FRAGMENTS_OF_ADDRESSES);
  EXPECT_EQ(made.protocols[0], std::uint64_t{1} << 6);
  EXPECT_EQ(made.protocols[1], 0U);
  EXPECT_EQ(made.protocols[2], std::uint64_t{1} << (132 - 128));
  EXPECT_EQ(given(made.vxlan_ports), std::vector<std::uint16_t>{77});
  EXPECT_EQ(given(made.geneve_ports), std::vector<std::uint16_t>{});
  EXPECT_EQ(given(made.gtpu_ports), choices.gtpu_ports);
  EXPECT_TRUE(packet_notes_port(&made, 77));
}

}  // namespace
}  // namespace flowgauge
