// Tunnels: the innermost packet that can be read stands for the frame.
#include <vector>

#include "tests/packet/tunnel_case.h"

namespace flowgauge::test {
namespace {

TEST(ParseTunnel, OpensEachKind) {
  const std::vector<ParseCase> cases = {
      {"IPIP", carrying4(eth4()), inner4(34).tunnel(PACKET_TUNNEL_IPIP)},
      {"6in4", carrying6(eth4()), inner6(34).tunnel(PACKET_TUNNEL_6IN4)},
      {"4in6", carrying4(eth6()), inner4(54).tunnel(PACKET_TUNNEL_4IN6).outer(kA6, kB6)},
      {"IPv6 in IPv6", carrying6(eth6()), inner6(54).tunnel(PACKET_TUNNEL_IP6IN6).outer(kA6, kB6)},
      {"4in6 behind extension headers", carrying4(eth6().extension(60, 16)),
       inner4(70).tunnel(PACKET_TUNNEL_4IN6).outer(kA6, kB6)},
      {"IPv6 as protocol 4", carrying6(eth4().next(4)), inner6(34).tunnel(PACKET_TUNNEL_IPIP)},
      {"GRE", carrying4(eth4().gre()), inner4(38).tunnel(PACKET_TUNNEL_GRE)},
      {"GRE, IPv6", carrying6(eth4().gre()), inner6(38).tunnel(PACKET_TUNNEL_GRE)},
      {"GRE with key", carrying4(eth4().gre_key(0xfffffffe)), inner4(42).tunnel(PACKET_TUNNEL_GRE, 0xfffffffe)},
      {"GRE with key 0", carrying4(eth4().gre_key(0)), inner4(42).tunnel(PACKET_TUNNEL_GRE, 0)},
      {"GRE with checksum, key and sequence number", carrying6(eth4().gre_full(8)),
       inner6(50).tunnel(PACKET_TUNNEL_GRE, 8)},
      {"GRE with Ethernet: the outermost addresses stay", carrying4(eth4().gre().eth(8, 9)),
       inner4(52).tunnel(PACKET_TUNNEL_GRE)},
      {"VXLAN", carrying4(eth4().udp(9, 4789).vxlan(0xabcdef).eth(8, 9)),
       inner4(64).tunnel(PACKET_TUNNEL_VXLAN, 0xabcdef)},
      {"VXLAN by Linux's port", carrying6(eth4().udp(9, 8472).vxlan(1).eth(8, 9)),
       inner6(64).tunnel(PACKET_TUNNEL_VXLAN, 1)},
      {"VXLAN, tagged inside", carrying4(eth4().udp(9, 4789).vxlan(1).eth(8, 9).vlan(77)),
       inner4(68).tunnel(PACKET_TUNNEL_VXLAN, 1).vlan(77)},
      {"VXLAN, SNAP inside", carrying4(eth4().udp(9, 4789).vxlan(1).eth_snap(8, 9)),
       inner4(72).tunnel(PACKET_TUNNEL_VXLAN, 1)},
      {"GENEVE with Ethernet", carrying4(eth4().udp(9, 6081).geneve(5).eth(8, 9)),
       inner4(64).tunnel(PACKET_TUNNEL_GENEVE, 5)},
      {"GENEVE with IP and options", carrying6(eth4().udp(9, 6081).geneve(5, 252)),
       inner6(302).tunnel(PACKET_TUNNEL_GENEVE, 5)},
      {"GTP-U", carrying4(eth4().udp(2152, 9).gtpu(0x12345678)), inner4(50).tunnel(PACKET_TUNNEL_GTPU, 0x12345678)},
      {"GTP-U to the port, sequence number", carrying6(eth4().udp(9, 2152).gtpu_extended(1, 0)),
       inner6(54).tunnel(PACKET_TUNNEL_GTPU, 1)},
      {"GTP-U with extensions", carrying4(eth4().udp(9, 2152).gtpu_extended(1, 3)),
       inner4(66).tunnel(PACKET_TUNNEL_GTPU, 1)},
      {"GTP-U with as many as we open", carrying4(eth4().udp(9, 2152).gtpu_extended(1, 8)),
       inner4(86).tunnel(PACKET_TUNNEL_GTPU, 1)},
      {"Teredo", carrying6(eth4().udp(9, 3544)), inner6(42).tunnel(PACKET_TUNNEL_TEREDO)},
      {"Teredo from the port, with origin", carrying6(eth4().udp(3544, 9).teredo_origin()),
       inner6(50).tunnel(PACKET_TUNNEL_TEREDO)},
      {"Teredo with authentication and origin",
       carrying6(eth4().udp(3544, 9).teredo_authentication(2, 4).teredo_origin()),
       inner6(69).tunnel(PACKET_TUNNEL_TEREDO)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseTunnel, ReadsNoFurtherWhereTheOuterPacketIsAskedFor) {
  packet_parse_config config = packet_parse_defaults();
  config.decapsulate_inner = 0;
  check({"IPIP", carrying4(eth4()), event().ip(kA, kB, 4).payload(50).payload_at(34, 50).mac(1, 2)}, config);
  check({"VXLAN", carrying4(eth4().udp(9, 4789).vxlan(5).eth(8, 9)), outer_udp(9, 4789, 72)}, config);
}

TEST(ParseTunnel, StaysClosedWhereTheHeaderIsNoneOfOurs) {
  const std::vector<ParseCase> cases = {
      {"VXLAN without its flag", carrying4(eth4().udp(9, 4789).vxlan(5).set8(0, 0).eth(8, 9)), outer_udp(9, 4789, 72)},
      {"VXLAN from the port", carrying4(eth4().udp(4789, 9).vxlan(5).eth(8, 9)), outer_udp(4789, 9, 72)},
      {"VXLAN of ARP", eth4().udp(9, 4789).vxlan(5).eth(8, 9).next(0x0806).payload(28), outer_udp(9, 4789, 50)},
      {"VXLAN of five tags", carrying4(eth4().udp(9, 4789).vxlan(5).eth(8, 9).vlan(1).vlan(2).vlan(3).vlan(4).vlan(5)),
       outer_udp(9, 4789, 92)},
      {"GENEVE version 1", carrying4(eth4().udp(9, 6081).geneve(5).set8(0, 0x40)), outer_udp(9, 6081, 58)},
      {"GENEVE from the port", carrying4(eth4().udp(6081, 9).geneve(5)), outer_udp(6081, 9, 58)},
      {"GENEVE of another kind", eth4().udp(9, 6081).geneve(5).next(0x0806).payload(28), outer_udp(9, 6081, 36)},
      {"GENEVE with options beyond the packet", carrying4(eth4().udp(9, 6081).geneve(5).set8(0, 0x3f)),
       outer_udp(9, 6081, 58)},
      {"GTP-U echo", carrying4(eth4().udp(9, 2152).gtpu(5).set8(1, 1)), outer_udp(9, 2152, 58)},
      {"GTP prime", carrying4(eth4().udp(9, 2152).gtpu(5).set8(0, 0x20)), outer_udp(9, 2152, 58)},
      {"GTP-U with nine extensions", carrying4(eth4().udp(9, 2152).gtpu_extended(1, 9)), outer_udp(9, 2152, 98)},
      {"GTP-U with an extension of no length", carrying4(eth4().udp(9, 2152).gtpu_extended(1, 1).set8(12, 0)),
       outer_udp(9, 2152, 66)},
      {"Teredo of IPv4", carrying4(eth4().udp(9, 3544)), outer_udp(9, 3544, 50)},
      {"an inner header that says it has 16 bytes",
       eth4().udp(9, 2152).gtpu(5).ipv4(kC, kD).set8(0, 0x44).udp(1, 2).payload(10), outer_udp(9, 2152, 46)},
      {"an inner header of version 5", eth4().udp(9, 2152).gtpu(5).ipv4(kC, kD).set8(0, 0x55).udp(1, 2).payload(10),
       outer_udp(9, 2152, 46)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);

  const std::vector<ParseCase> gre = {
      {"version 1", carrying4(eth4().gre().set8(1, 1)),
       event().ip(kA, kB, 47).payload(54).payload_at(34, 54).mac(1, 2)},
      {"source routing", carrying4(eth4().gre().set8(0, 0x40)),
       event().ip(kA, kB, 47).payload(54).payload_at(34, 54).mac(1, 2)},
      {"another kind", eth4().gre().next(0x0806).payload(20),
       event().ip(kA, kB, 47).payload(24).payload_at(34, 24).mac(1, 2)},
      {"3 bytes", eth4().other(47).payload(3), event().ip(kA, kB, 47).payload(3).payload_at(34, 3).mac(1, 2)},
      {"no byte behind it", eth4().gre().next(0x0800), event().ip(kA, kB, 47).payload(4).payload_at(34, 4).mac(1, 2)},
  };
  for (const ParseCase& parse_case : gre) check(parse_case);
}

TEST(ParseTunnel, FallsBackToTheLastPacketThatCanBeRead) {
  const EventBuilder outer = event().ip(kA, kB, 4).payload_at(34, 0).mac(1, 2);
  check({"inner IHL below 5", eth4().ipv4(kC, kD).set8(0, 0x44).udp(1, 2),
         EventBuilder(outer).payload(28).payload_at(34, 28)});
  check({"inner transport cut", eth4().ipv4(kC, kD).other(17).payload(7),
         EventBuilder(outer).payload(27).payload_at(34, 27)});
  check({"neither 4 nor 6", eth4().next(4).data(Bytes(30, 0x50)), EventBuilder(outer).payload(30).payload_at(34, 30)});
  check({"nothing inside", eth4().next(4), outer});
  // Cut by the outer length, although the frame has the bytes.
  check({"inner beyond the outer packet", carrying4(eth4().length(59)),
         EventBuilder(outer).payload(39).payload_at(34, 39)});
  // A tag inside is forgotten along with the packet it stood before.
  check({"VXLAN with a tag and a broken packet",
         eth4().udp(9, 4789).vxlan(5).eth(8, 9).vlan(3).ipv4(kC, kD).set8(0, 0x44), outer_udp(9, 4789, 46)});
  check({"the middle one of three", eth4().gre_key(3).ipv4(kC, kD).ipv4(kA, kB).set8(0, 0x41).udp(1, 2),
         event().ip(kC, kD, 4).payload(28).payload_at(62, 28).mac(1, 2).outer(kA, kB).tunnel(PACKET_TUNNEL_GRE, 3)});
}

TEST(ParseTunnel, OpensFourLayersAndNoFifth) {
  const FrameBuilder four = eth4().ipv4(kB, kA).gre_key(5).ipv6(kA6, kB6).ipv4(kA, kB);
  check({"four", carrying4(four), inner4(34 + 20 + 8 + 40 + 20).tunnel(PACKET_TUNNEL_IPIP)});
  check({"five", carrying4(FrameBuilder(four).ipv4(kB, kA)),
         event().ip(kB, kA, 4).payload(50).payload_at(142, 50).mac(1, 2).outer(kA, kB).tunnel(PACKET_TUNNEL_IPIP)});
}

TEST(ParseTunnel, InnermostTunnelGivesTypeAndId) {
  check(
      {"GTP-U in VXLAN",
       carrying4(
           frame().eth().vlan(3).ipv6(kA6, kB6).udp(9, 4789).vxlan(6).eth(8, 9).vlan(4).ipv4(kA, kB).udp(9, 2152).gtpu(
               5)),
       inner4(18 + 40 + 8 + 8 + 18 + 20 + 8 + 8).vlan(3).vlan(4).tunnel(PACKET_TUNNEL_GTPU, 5)});
  check({"IPIP in keyed GRE: no id", carrying4(eth4().gre_key(5).ipv4(kA, kB)), inner4(62).tunnel(PACKET_TUNNEL_IPIP)});
}

TEST(ParseTunnel, CountsTagsInsideAnew) {
  const FrameBuilder outer = frame().eth().vlan(1).vlan(2).vlan(3).vlan(4).ipv4(kA, kB).udp(9, 4789).vxlan(6).eth(8, 9);
  check({"four outside, four inside", carrying4(FrameBuilder(outer).vlan(5).vlan(6).vlan(7).vlan(8)),
         inner4(30 + 20 + 8 + 8 + 30)
             .vlan(1)
             .vlan(2)
             .vlan(3)
             .vlan(4)
             .vlan(5)
             .vlan(6)
             .vlan(7)
             .vlan(8)
             .tunnel(PACKET_TUNNEL_VXLAN, 6)});
}

TEST(ParseTunnel, OpensNoFragment) {
  check({"outer first fragment", carrying4(eth4().id(4).fragment(0, true)),
         event().ip(kA, kB, 4).payload(50).first_fragment(4).payload_at(34, 50).mac(1, 2)});
  check({"inner first fragment", eth4().gre().ipv4(kC, kD).id(4).fragment(0, true).udp(1, 2),
         event()
             .udp(kC, 1, kD, 2)
             .first_fragment(4)
             .payload_at(66, 0)
             .mac(1, 2)
             .outer(kA, kB)
             .tunnel(PACKET_TUNNEL_GRE)});
  check({"inner later fragment", eth4().gre().ipv4(kC, kD).id(4).fragment(8, false).other(17).payload(8),
         event()
             .ip(kC, kD, 17)
             .payload(8)
             .later_fragment(4)
             .payload_at(58, 8)
             .mac(1, 2)
             .outer(kA, kB)
             .tunnel(PACKET_TUNNEL_GRE)});
}

TEST(ParseTunnel, InnerLengthIsTheInnerHeaders) {
  // The inner packet is shorter than its place: what is left over is no payload.
  check({"left over", eth4().ipv4(kC, kD).length(28).udp(1, 2).payload(6),
         event().udp(kC, 1, kD, 2).payload_at(62, 0).mac(1, 2).outer(kA, kB).tunnel(PACKET_TUNNEL_IPIP)});
  // An inner length of 0 means what the outer packet has for it, not the frame with its padding.
  check({"inner total length 0", eth4().ipv4(kC, kD).length(0).udp(1, 2).payload(6).padding(20),
         event().udp(kC, 1, kD, 2).payload(6).payload_at(62, 6).mac(1, 2).outer(kA, kB).tunnel(PACKET_TUNNEL_IPIP)});
}

TEST(ParseTunnel, OutermostEthernetHeaderMayBeInside) {
  check({"raw IP with VXLAN", carrying4(frame().raw().ipv4(kA, kB).udp(9, 4789).vxlan(6).eth(1, 2)),
         inner4(50).tunnel(PACKET_TUNNEL_VXLAN, 6)});
}

TEST(ParseTunnel, QuotedPacketIsNoPacket) {
  check({"ICMP error", carrying4(eth4().icmp(3, 1)),
         event().icmp(kA, kB, 3, 1).payload(50).payload_at(42, 50).mac(1, 2)});
}

}  // namespace
}  // namespace flowgauge::test
