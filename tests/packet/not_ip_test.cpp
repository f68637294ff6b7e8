// What the parser says of frames that are no packets, and how such frames are counted and named.
#include "core/packet/not_ip.h"

#include "tests/packet/parse_case.h"
#include "tests/support/link_frames.h"

namespace flowgauge::test {
namespace {

// The name of the kind of a frame that is not_ip.
std::string kind_of(const FrameBuilder& builder) {
  const Parsed result = parse(builder.bytes(), builder.link_type());
  EXPECT_EQ(result.reason, PACKET_NOT_IP);
  NotIpKinds kinds;
  kinds.add(result.event.tunnel_id);
  return not_ip_name(kinds.commonest().at(0).kind);
}

TEST(NotIp, TheParserTellsTheKind) {
  const auto air = [](std::uint8_t control, std::uint8_t flags) {
    return frame().raw(105).data(wlan_header(control, flags)).snap();
  };
  EXPECT_EQ(kind_of(frame().eth().next(0x0806).payload(28)), "ARP");
  EXPECT_EQ(kind_of(frame().eth().vlan(5).next(0x88cc).payload(28)), "LLDP");
  EXPECT_EQ(kind_of(frame().eth_snap().next(0x888e).payload(28)), "EAPOL");
  EXPECT_EQ(kind_of(frame().sll().next(0x1234).payload(28)), "0x1234");
  EXPECT_EQ(kind_of(frame().eth().next(60).data(Bytes(60, 0x42))), "802.3 LLC");
  EXPECT_EQ(kind_of(frame().eth().mpls(1).data(Bytes(60, 0x10))), "MPLS");
  EXPECT_EQ(kind_of(frame().eth().pppoe().next(0xc021).payload(8)), "PPPoE");
  EXPECT_EQ(kind_of(frame().raw().data(Bytes(40, 0x10))), "no EtherType");
  EXPECT_EQ(kind_of(air(0x80, 0)), "802.11 management");
  EXPECT_EQ(kind_of(air(0xd4, 0)), "802.11 control");
  EXPECT_EQ(kind_of(air(0x88, 0x41)), "802.11 protected");
  EXPECT_EQ(kind_of(air(0x48, 0x01)), "802.11 without a whole packet");
  EXPECT_EQ(kind_of(air(0x08, 0x01).next(0x0806).payload(28)), "ARP");
}

TEST(NotIp, TheCommonestComeFirstAndOfEqualOnesTheLower) {
  NotIpKinds kinds;
  EXPECT_TRUE(kinds.commonest().empty());
  for (const std::uint32_t kind : {0x88ccU, 0x0806U, 100U, 0x88ccU, 0x5ffU, 0x8909U, 0x600U}) kinds.add(kind);
  std::vector<std::pair<std::string, std::uint64_t>> found;
  for (const auto& [kind, frames] : kinds.commonest()) found.emplace_back(not_ip_name(kind), frames);
  const std::vector<std::pair<std::string, std::uint64_t>> expected = {
      {"802.3 LLC", 2}, {"LLDP", 2}, {"0x0600", 1}, {"ARP", 1}, {"0x8909", 1}};
  EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace flowgauge::test
