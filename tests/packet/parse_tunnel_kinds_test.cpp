// Each kind of tunnel over IP and UDP that has a header of its own: opened where it is well-formed, closed where it is
// not.
#include <random>
#include <vector>

#include "tests/packet/tunnel_case.h"

namespace flowgauge::test {
namespace {

FrameBuilder to(std::uint16_t port) { return eth4().udp(9, port); }

void check_all(const std::vector<ParseCase>& cases) {
  for (const ParseCase& parse_case : cases) check(parse_case);
}

// 50 bytes of IPv4 packet inside, behind `bytes` of the tunnel.
EventBuilder closed(std::uint16_t port, int bytes) {
  return outer_udp(9, port, static_cast<std::uint16_t>(50 + bytes));
}
EventBuilder closed_ip(std::uint8_t protocol, int bytes) {
  return outer_ip(protocol, static_cast<std::uint16_t>(50 + bytes));
}

TEST(ParseTunnelKinds, Erspan) {
  check_all({
      {"type I", carrying4(eth4().gre().next(0x88be).eth(8, 9)), inner4(52).tunnel(PACKET_TUNNEL_ERSPAN)},
      {"type II", carrying4(eth4().gre_sequence().erspan2(5).eth(8, 9)), inner4(64).tunnel(PACKET_TUNNEL_ERSPAN, 5)},
      {"type II, greatest session, tag inside", carrying6(eth4().gre_sequence().erspan2(0x3ff).eth(8, 9).vlan(7)),
       inner6(68).vlan(7).tunnel(PACKET_TUNNEL_ERSPAN, 0x3ff)},
      {"type II of a keyed GRE: the id is the session", carrying4(eth4().gre_full(9).erspan2(5).eth(8, 9)),
       inner4(72).tunnel(PACKET_TUNNEL_ERSPAN, 5)},
      {"type III", carrying4(eth4().gre_sequence().erspan3(5).eth(8, 9)), inner4(68).tunnel(PACKET_TUNNEL_ERSPAN, 5)},
      {"type III with subheader", carrying6(eth4().gre_sequence().erspan3(0, true).eth(8, 9)),
       inner6(76).tunnel(PACKET_TUNNEL_ERSPAN, 0)},
      {"type III of an IP packet", carrying4(eth4().gre_sequence().erspan3(5).set8(10, 8)),
       inner4(54).tunnel(PACKET_TUNNEL_ERSPAN, 5)},
      {"type II of version 0", carrying4(eth4().gre_sequence().erspan2(5).set8(0, 0).eth(8, 9)), closed_ip(47, 30)},
      {"type II of version 2", carrying4(eth4().gre_sequence().erspan2(5).set8(0, 0x20).eth(8, 9)), closed_ip(47, 30)},
      {"type III of version 1", carrying4(eth4().gre_sequence().erspan3(5).set8(0, 0x10).eth(8, 9)), closed_ip(47, 34)},
      {"type III of another frame type", carrying4(eth4().gre_sequence().erspan3(5).set8(10, 4).eth(8, 9)),
       closed_ip(47, 34)},
      {"type II without a frame", eth4().gre_sequence().erspan2(5), outer_ip(47, 16)},
  });
}

TEST(ParseTunnelKinds, GreOfLabelsAndServiceHeaders) {
  check_all({
      {"label", carrying4(eth4().gre().mpls(16)), inner4(42).tunnel(PACKET_TUNNEL_GRE)},
      {"labels of a keyed GRE", carrying6(eth4().gre_key(7).mpls(16).mpls(17)),
       inner6(50).tunnel(PACKET_TUNNEL_GRE, 7)},
      {"pseudowire", carrying4(eth4().gre().mpls(16).control_word().eth(8, 9)), inner4(60).tunnel(PACKET_TUNNEL_GRE)},
      {"NSH", carrying4(eth4().gre().nsh(2, 2)), inner4(46).tunnel(PACKET_TUNNEL_GRE)},
      {"nine labels", carrying4(eth4().gre().mpls(1).mpls(2).mpls(3).mpls(4).mpls(5).mpls(6).mpls(7).mpls(8).mpls(9)),
       closed_ip(47, 40)},
      {"label of something else", eth4().gre().mpls(16).payload(30), outer_ip(47, 38)},
  });
}

TEST(ParseTunnelKinds, Pptp) {
  check_all({
      {"PPP", carrying4(eth4().pptp(77).ppp_header()), inner4(50).tunnel(PACKET_TUNNEL_PPTP, 77)},
      {"PPP without address and control, acknowledging", carrying6(eth4().pptp(0, true).ppp_header(false)),
       inner6(52).tunnel(PACKET_TUNNEL_PPTP, 0)},
      {"labels in PPP", carrying4(eth4().pptp(77).ppp_header().mpls(4)), inner4(54).tunnel(PACKET_TUNNEL_PPTP, 77)},
      {"a payload beyond the packet", carrying4(eth4().pptp(77).length(55).ppp_header()), closed_ip(47, 16)},
      {"a payload up to its end", carrying4(eth4().pptp(77).length(54).ppp_header()),
       inner4(50).tunnel(PACKET_TUNNEL_PPTP, 77)},
      {"no payload", eth4().pptp(77, true).set8(0, 0x20).set8(15, 0x45).payload(4), outer_ip(47, 20)},
      {"no key", carrying4(eth4().pptp(77).set8(0, 0x10).ppp_header()), closed_ip(47, 16)},
      {"checksum", carrying4(eth4().pptp(77).set8(0, 0xb0).ppp_header()), closed_ip(47, 16)},
      {"recursion", carrying4(eth4().pptp(77).set8(0, 0x31).ppp_header()), closed_ip(47, 16)},
      {"reserved flags", carrying4(eth4().pptp(77).set8(1, 0x09).ppp_header()), closed_ip(47, 16)},
      {"version 2", carrying4(eth4().pptp(77).set8(1, 2).ppp_header()), closed_ip(47, 16)},
      {"another kind", carrying4(eth4().pptp(77).ppp_header()).set8(0, 0), inner4(50).tunnel(PACKET_TUNNEL_PPTP, 77)},
      {"compressed data", carrying4(eth4().pptp(77).ppp_header().next(0xfd)), closed_ip(47, 16)},
  });
}

TEST(ParseTunnelKinds, Wccp) {
  check_all({
      {"version 1", carrying4(eth4().gre().next(0x883e)), inner4(38).tunnel(PACKET_TUNNEL_WCCP)},
      {"version 2", carrying4(eth4().gre().wccp2()), inner4(42).tunnel(PACKET_TUNNEL_WCCP)},
      {"version 2, alternative bucket", carrying6(eth4().gre().wccp2().set8(0, 0x40)),
       inner6(42).tunnel(PACKET_TUNNEL_WCCP)},
      {"of a keyed GRE: no id", carrying4(eth4().gre_key(5).wccp2()), inner4(46).tunnel(PACKET_TUNNEL_WCCP)},
      {"reserved bits", carrying4(eth4().gre().wccp2().set8(0, 0x90)), closed_ip(47, 8)},
  });
}

TEST(ParseTunnelKinds, EtherIpAndL2tpv3) {
  check_all({
      {"EtherIP", carrying4(eth4().etherip().eth(8, 9)), inner4(50).tunnel(PACKET_TUNNEL_ETHERIP)},
      {"EtherIP in IPv6", carrying6(eth6().etherip().eth(8, 9).vlan(3)),
       inner6(74).vlan(3).tunnel(PACKET_TUNNEL_ETHERIP).outer(kA6, kB6)},
      {"EtherIP of version 4", carrying4(eth4().etherip().set8(0, 0x40).eth(8, 9)), closed_ip(97, 16)},
      {"EtherIP with reserved bits", carrying4(eth4().etherip().set8(1, 1).eth(8, 9)), closed_ip(97, 16)},
      {"L2TPv3", carrying4(eth4().l2tpv3(0xfffffffe).eth(8, 9)), inner4(52).tunnel(PACKET_TUNNEL_L2TPV3, 0xfffffffe)},
      {"L2TPv3 with sublayer", carrying4(eth4().l2tpv3(9).control_word(0x40000007).eth(8, 9)),
       inner4(56).tunnel(PACKET_TUNNEL_L2TPV3, 9)},
      {"L2TPv3, sublayer with reserved bits", carrying4(eth4().l2tpv3(9).control_word(0x80000007).eth(8, 9)),
       closed_ip(115, 22)},
      {"L2TPv3 control message", carrying4(eth4().l2tpv3(0).eth(8, 9)), closed_ip(115, 18)},
      {"L2TPv3 with a cookie that nobody announced", carrying4(eth4().l2tpv3(9, 4).eth(8, 9)), closed_ip(115, 22)},
  });
  packet_parse_config config = packet_parse_defaults();
  for (const std::uint8_t cookie_bytes : {4, 8}) {
    config.l2tpv3_cookie_bytes = cookie_bytes;
    check({"L2TPv3 with cookie", carrying4(eth4().l2tpv3(9, cookie_bytes).eth(8, 9)),
           inner4(52 + cookie_bytes).tunnel(PACKET_TUNNEL_L2TPV3, 9)},
          config);
    check({"L2TPv3 with cookie and sublayer", carrying4(eth4().l2tpv3(9, cookie_bytes).control_word().eth(8, 9)),
           inner4(56 + cookie_bytes).tunnel(PACKET_TUNNEL_L2TPV3, 9)},
          config);
    check({"L2TPv3 without the cookie", carrying4(eth4().l2tpv3(9).eth(8, 9)), closed_ip(115, 18)}, config);
  }
}

TEST(ParseTunnelKinds, L2tp) {
  constexpr std::uint32_t kId = 3U << 16 | 4;
  check_all({
      {"PPP", carrying4(to(1701).l2tp(3, 4).ppp_header()), inner4(52).tunnel(PACKET_TUNNEL_L2TP, kId)},
      {"from the port", carrying6(eth4().udp(1701, 9).l2tp(3, 4).ppp_header(false)),
       inner6(50).tunnel(PACKET_TUNNEL_L2TP, kId)},
      {"length", carrying4(to(1701).l2tp(3, 4, 0x4000).ppp_header()), inner4(54).tunnel(PACKET_TUNNEL_L2TP, kId)},
      {"sequence numbers", carrying4(to(1701).l2tp(3, 4, 0x0800).ppp_header()),
       inner4(56).tunnel(PACKET_TUNNEL_L2TP, kId)},
      {"offset", carrying4(to(1701).l2tp(3, 4, 0x0200).ppp_header()), inner4(57).tunnel(PACKET_TUNNEL_L2TP, kId)},
      {"all of them, priority", carrying4(to(1701).l2tp(3, 4, 0x4b00).ppp_header()),
       inner4(63).tunnel(PACKET_TUNNEL_L2TP, kId)},
      {"a control message", carrying4(to(1701).l2tp(3, 4, 0xc800).ppp_header()), closed(1701, 16)},
      {"version 3", carrying4(to(1701).l2tp(3, 4, 1).ppp_header()), closed(1701, 10)},
      {"reserved bits", carrying4(to(1701).l2tp(3, 4, 0x0010).ppp_header()), closed(1701, 10)},
      {"length beyond the datagram", carrying4(to(1701).l2tp(3, 4, 0x4000).length(63).ppp_header()), closed(1701, 12)},
      {"length up to its end", carrying4(to(1701).l2tp(3, 4, 0x4000).length(62).ppp_header()),
       inner4(54).tunnel(PACKET_TUNNEL_L2TP, kId)},
      {"length below the header", carrying4(to(1701).l2tp(3, 4, 0x4000).length(7).ppp_header()), closed(1701, 12)},
      {"offset beyond the datagram", carrying4(to(1701).l2tp(3, 4, 0x0200).set16(6, 0xffff).ppp_header()),
       closed(1701, 15)},
      {"PPP's own control", to(1701).l2tp(3, 4).ppp_header().next(0xc021).payload(8), outer_udp(9, 1701, 18)},
  });
}

TEST(ParseTunnelKinds, LabelsInUdp) {
  check_all({
      {"label", carrying4(to(6635).mpls(16)), inner4(46).tunnel(PACKET_TUNNEL_MPLS_UDP)},
      {"labels, pseudowire", carrying6(to(6635).mpls(16).mpls(17).control_word().eth(8, 9)),
       inner6(68).tunnel(PACKET_TUNNEL_MPLS_UDP)},
      {"from the port", carrying4(eth4().udp(6635, 9).mpls(16)), outer_udp(6635, 9, 54)},
      {"no bottom", to(6635).data(Bytes(40, 0)), outer_udp(9, 6635, 40)},
  });
}

TEST(ParseTunnelKinds, VxlanGpe) {
  check_all({
      {"IPv4", carrying4(to(4790).vxlan_gpe(42)), inner4(50).tunnel(PACKET_TUNNEL_VXLAN_GPE, 42)},
      {"IPv6", carrying6(to(4790).vxlan_gpe(42)), inner6(50).tunnel(PACKET_TUNNEL_VXLAN_GPE, 42)},
      {"frame", carrying4(to(4790).vxlan_gpe(42).eth(8, 9)), inner4(64).tunnel(PACKET_TUNNEL_VXLAN_GPE, 42)},
      {"NSH", carrying4(to(4790).vxlan_gpe(42).nsh(2, 2)), inner4(58).tunnel(PACKET_TUNNEL_VXLAN_GPE, 42)},
      {"labels", carrying4(to(4790).vxlan_gpe(42).mpls(16)), inner4(54).tunnel(PACKET_TUNNEL_VXLAN_GPE, 42)},
      {"without protocol", carrying4(to(4790).vxlan_gpe(42).set8(0, 8).eth(8, 9).set8(0, 2)),
       closed(4790, 22)},  // the field is not 0
      {"without protocol, a frame", carrying4(to(4790).vxlan(42).eth(8, 9)),
       inner4(64).tunnel(PACKET_TUNNEL_VXLAN_GPE, 42)},
      {"without VNI", carrying4(to(4790).vxlan_gpe(42).set8(0, 4)), inner4(50).tunnel(PACKET_TUNNEL_VXLAN_GPE)},
      {"replicated", carrying4(to(4790).vxlan_gpe(42).set8(0, 14)), inner4(50).tunnel(PACKET_TUNNEL_VXLAN_GPE, 42)},
      {"maintenance", carrying4(to(4790).vxlan_gpe(42).set8(0, 13)), closed(4790, 8)},
      {"version 1", carrying4(to(4790).vxlan_gpe(42).set8(0, 0x1c)), closed(4790, 8)},
      {"reserved flags", carrying4(to(4790).vxlan_gpe(42).set8(0, 0x8c)), closed(4790, 8)},
      {"reserved bytes", carrying4(to(4790).vxlan_gpe(42).set8(2, 1)), closed(4790, 8)},
      {"from the port", carrying4(eth4().udp(4790, 9).vxlan_gpe(42)), outer_udp(4790, 9, 58)},
  });
}

TEST(ParseTunnelKinds, Gue) {
  check_all({
      {"IPv4", carrying4(to(6080).gue()), inner4(46).tunnel(PACKET_TUNNEL_GUE)},
      {"IPv6 behind fields", carrying6(to(6080).gue(31)), inner6(170).tunnel(PACKET_TUNNEL_GUE)},
      {"variant 1, IPv4", carrying4(to(6080)), inner4(42).tunnel(PACKET_TUNNEL_GUE)},
      {"variant 1, IPv6", carrying6(to(6080)), inner6(42).tunnel(PACKET_TUNNEL_GUE)},
      {"GRE", carrying4(to(6080).gue().gre_key(5)), inner4(54).tunnel(PACKET_TUNNEL_GRE, 5)},
      {"EtherIP", carrying4(to(6080).gue(1).etherip().eth(8, 9)), inner4(66).tunnel(PACKET_TUNNEL_ETHERIP)},
      {"control", carrying4(to(6080).gue().set8(0, 0x20)), closed(6080, 4)},
      {"variant 2", carrying4(to(6080).gue().set8(0, 0x80)), closed(6080, 4)},
      {"fields beyond the datagram", carrying4(to(6080).gue().set8(0, 31)), closed(6080, 4)},
      {"a transport protocol", to(6080).gue().tcp(1, 2), outer_udp(9, 6080, 24)},
  });
}

TEST(ParseTunnelKinds, Lisp) {
  check_all({
      {"instance", carrying4(to(4341).lisp(6)), inner4(50).tunnel(PACKET_TUNNEL_LISP, 6)},
      {"IPv6, no instance", carrying6(to(4341).lisp(6).set8(0, 0x80)), inner6(50).tunnel(PACKET_TUNNEL_LISP)},
      {"next protocol", carrying4(to(4341).lisp_gpe(6).eth(8, 9)), inner4(64).tunnel(PACKET_TUNNEL_LISP, 6)},
      {"another next protocol", carrying4(to(4341).lisp_gpe(6).next(9)), closed(4341, 8)},
      {"encrypted", carrying4(to(4341).lisp(6).set8(0, 0x8a)), closed(4341, 8)},
      {"nonce and map version", carrying4(to(4341).lisp(6).set8(0, 0x98)), closed(4341, 8)},
      {"from the port", carrying4(eth4().udp(4341, 9).lisp(6)), outer_udp(4341, 9, 58)},
  });
}

TEST(ParseTunnelKinds, Capwap) {
  check_all({
      {"802.3", carrying4(to(5247).capwap().eth(8, 9)), inner4(64).tunnel(PACKET_TUNNEL_CAPWAP)},
      {"from the port, longest header", carrying4(eth4().udp(5247, 9).capwap(31).eth(8, 9)),
       inner4(42 + 124 + 14).tunnel(PACKET_TUNNEL_CAPWAP)},
      {"802.11", carrying4(to(5247).capwap_wireless().snap()), inner4(42 + 16 + 24 + 8).tunnel(PACKET_TUNNEL_CAPWAP)},
      {"802.11, bytes exchanged", carrying6(to(5247).capwap_wireless(true).snap()),
       inner6(42 + 16 + 24 + 8).tunnel(PACKET_TUNNEL_CAPWAP)},
      {"802.11, QoS, four addresses", carrying4(to(5247).capwap_wireless(false, true, true).snap()),
       inner4(42 + 16 + 32 + 8).tunnel(PACKET_TUNNEL_CAPWAP)},
      {"802.11, HT control", carrying4(to(5247).capwap_wireless(false, true).set8(1, 0x81).control_word().snap()),
       inner4(42 + 16 + 26 + 4 + 8).tunnel(PACKET_TUNNEL_CAPWAP)},
      {"802.11, protected", carrying4(to(5247).capwap_wireless().set8(1, 0x41).snap()), closed(5247, 48)},
      {"802.11, more fragments", carrying4(to(5247).capwap_wireless().set8(1, 0x05).snap()), closed(5247, 48)},
      {"802.11, a later fragment", carrying4(to(5247).capwap_wireless().set8(22, 1).snap()), closed(5247, 48)},
      {"802.11, bytes exchanged, a sequence number and no fragment",
       carrying4(to(5247).capwap_wireless(true).set16(22, 0x0110).snap()),
       inner4(42 + 16 + 24 + 8).tunnel(PACKET_TUNNEL_CAPWAP)},
      {"802.11, bytes exchanged, a later fragment", carrying4(to(5247).capwap_wireless(true).set16(22, 0x0101).snap()),
       closed(5247, 48)},
      {"802.11, bytes exchanged, several in one",
       carrying4(to(5247).capwap_wireless(true, true).set16(24, 0x0080).snap()), closed(5247, 50)},
      {"802.11, several in one", carrying4(to(5247).capwap_wireless(false, true).set8(24, 0x80).snap()),
       closed(5247, 50)},
      {"802.11, without data", carrying4(to(5247).capwap_wireless().set8(0, 0x48).snap()), closed(5247, 48)},
      {"802.11, management", carrying4(to(5247).capwap_wireless().set8(0, 0x80).snap()), closed(5247, 48)},
      {"another binding", carrying4(to(5247).capwap().set8(2, 7).eth(8, 9)), closed(5247, 22)},
      {"DTLS", carrying4(to(5247).capwap().set8(0, 1).eth(8, 9)), closed(5247, 22)},
      {"version 1", carrying4(to(5247).capwap().set8(0, 0x10).eth(8, 9)), closed(5247, 22)},
      {"too short a header", carrying4(to(5247).capwap().set8(1, 1 << 3).eth(8, 9)), closed(5247, 22)},
      {"a fragment", carrying4(to(5247).capwap().set8(3, 0x80).eth(8, 9)), closed(5247, 22)},
      {"a keep-alive", carrying4(to(5247).capwap().set8(3, 0x08).eth(8, 9)), closed(5247, 22)},
  });
}

TEST(ParseTunnelKinds, ListsOfPortsSayWhatIsATunnel) {
  packet_parse_config config = packet_parse_defaults();
  config.vxlan_ports[0] = 48879;
  config.vxlan_ports[1] = 0;
  config.geneve_ports[0] = 0;
  config.gtpu_ports[7] = 4790;  // before what the port is else
  packet_note_ports(&config);
  check({"VXLAN by its port", carrying4(to(48879).vxlan(42).eth(8, 9)), inner4(64).tunnel(PACKET_TUNNEL_VXLAN, 42)},
        config);
  check({"no more by IANA's", carrying4(to(4789).vxlan(42).eth(8, 9)), closed(4789, 22)}, config);
  check({"nor by Linux's", carrying4(to(8472).vxlan(42).eth(8, 9)), closed(8472, 22)}, config);
  check({"no GENEVE", carrying4(to(6081).geneve(42)), closed(6081, 8)}, config);
  check({"GTP-U by two", carrying4(to(2152).gtpu(42)), inner4(50).tunnel(PACKET_TUNNEL_GTPU, 42)}, config);
  check({"from a listed port", carrying4(eth4().udp(4790, 9).gtpu(42)), inner4(50).tunnel(PACKET_TUNNEL_GTPU, 42)},
        config);
  check({"a list comes first", carrying4(to(4790).vxlan_gpe(42)), closed(4790, 8)}, config);
  // 0 stands for no entry, and shares its bit of the set with 2048.
  config.vxlan_ports[3] = 2048;
  packet_note_ports(&config);
  check({"port 0 is none", carrying4(to(0).vxlan(42).eth(8, 9)), closed(0, 22)}, config);
}

TEST(ParseTunnelKinds, TheDestinationPortDecidesBeforeTheSourcePort) {
  check({"to VXLAN, from GTP-U", carrying4(eth4().udp(2152, 4789).vxlan(5).eth(8, 9)),
         inner4(64).tunnel(PACKET_TUNNEL_VXLAN, 5)});
  check({"GTP-U to VXLAN's port", carrying4(eth4().udp(2152, 4789).gtpu(5)), outer_udp(2152, 4789, 58)});
  check(
      {"L2TP to Teredo's port", carrying4(eth4().udp(1701, 3544).l2tp(3, 4).ppp_header()), outer_udp(1701, 3544, 60)});
}

TEST(ParseTunnelKinds, WhatIsNoTunnelOnTheirPortsStaysOutside) {
  // A DNS query: 21 bytes.
  const Bytes query{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w', 0, 0, 1, 0, 1};
  const std::vector<std::uint16_t> ports = {1701, 2152, 3544, 4341, 4789, 4790, 5247, 6080, 6081, 6635, 8472};
  for (const std::uint16_t port : ports) {
    for (int id = 0; id < 65536; id += 13) {  // whatever its id looks like
      Bytes changed = query;
      changed[0] = static_cast<std::uint8_t>(id >> 8);
      changed[1] = static_cast<std::uint8_t>(id);
      const Parsed result = parse(to(port).data(changed).bytes(), 1);
      ASSERT_EQ(result.event.tunnel_type, PACKET_TUNNEL_NONE) << port << ", id " << id;
      ASSERT_EQ(result.event.dst_port, port);
    }
  }
  // Labels have hardly a bit that is always the same: of random bytes to their port, one in 25,000 passes for IP behind
  // them.
  std::mt19937_64 random(1);
  int opened = 0;
  for (int round = 0; round < 20'000; ++round) {
    Bytes noise(64);
    for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
    const Parsed result = parse(to(ports[static_cast<std::size_t>(round) % ports.size()]).data(noise).bytes(), 1);
    ASSERT_EQ(result.reason, PACKET_ACCEPTED);
    if (result.event.tunnel_type == PACKET_TUNNEL_NONE) continue;
    EXPECT_EQ(result.event.tunnel_type, PACKET_TUNNEL_MPLS_UDP) << round;
    ++opened;
  }
  EXPECT_LE(opened, 1);
}

TEST(ParseTunnelKinds, OverUdpThePacketInsideMustFit) {
  check({"as long as its place", carrying4(to(2152).gtpu(5)), inner4(50).tunnel(PACKET_TUNNEL_GTPU, 5)});
  check({"longer", to(2152).gtpu(5).ipv4(kC, kD).length(51).tcp(5000, 80).payload(10), closed(2152, 8)});
  check({"IPv6, longer", to(6080).ipv6(kC6, kD6).length(19).udp(5000, 53).payload(10), outer_udp(9, 6080, 58)});
  check(
      {"no length", to(2152).gtpu(5).ipv4(kC, kD).length(0).udp(1, 2).payload(10),
       event().udp(kC, 1, kD, 2).payload(10).payload_at(78, 10).mac(1, 2).outer(kA, kB).tunnel(PACKET_TUNNEL_GTPU, 5)});
  // A protocol of its own speaks for itself.
  check({"over IP", eth4().ipv4(kC, kD).length(51).other(89).payload(30),
         event().ip(kC, kD, 89).payload(31).payload_at(54, 30).mac(1, 2).outer(kA, kB).tunnel(PACKET_TUNNEL_IPIP)});
}

TEST(ParseTunnelKinds, FourLayersOfDifferentKinds) {
  const FrameBuilder four = to(4790)
                                .vxlan_gpe(1)
                                .nsh()
                                .eth(8, 9)
                                .ipv4(kB, kA)
                                .gre_sequence()
                                .erspan2(2)
                                .eth(8, 9)
                                .pbb()
                                .eth(8, 9)
                                .ipv6(kA6, kB6)
                                .udp(1701, 1701)
                                .l2tp(3, 4)
                                .ppp_header()
                                .ipv4(kA, kB)
                                .udp(9, 6635)
                                .mpls(16);
  constexpr std::uint16_t kInside = 42 + 8 + 24 + 14 + 20 + 16 + 14 + 4 + 14 + 40 + 8 + 10 + 20 + 8 + 4;
  check({"four", carrying4(four), inner4(kInside).tunnel(PACKET_TUNNEL_MPLS_UDP)});
  check({"five", carrying4(FrameBuilder(four).ipv4(kB, kA)),
         event()
             .ip(kB, kA, 4)
             .payload(50)
             .payload_at(kInside + 20, 50)
             .mac(1, 2)
             .outer(kA, kB)
             .tunnel(PACKET_TUNNEL_MPLS_UDP)});
}

}  // namespace
}  // namespace flowgauge::test
