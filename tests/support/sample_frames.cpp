#include "tests/support/sample_frames.h"

#include "tests/support/link_frames.h"

namespace flowgauge::test {

namespace {

constexpr const char* kA = "10.0.0.1";
constexpr const char* kB = "10.0.0.2";
constexpr const char* kA6 = "2001:db8::1";
constexpr const char* kB6 = "2001:db8::2";

FrameBuilder eth4() { return frame().eth().ipv4(kA, kB); }
FrameBuilder eth6() { return frame().eth().ipv6(kA6, kB6); }

// What a tunnel carries.
FrameBuilder inside4(FrameBuilder outer) {
  return outer.ipv4("192.168.1.1", "192.168.1.2").tcp(5000, 80).flags("PA").seq(7).ack(8).payload(30);
}
FrameBuilder inside6(FrameBuilder outer) { return outer.ipv6("fd00::1", "fd00::2").udp(5000, 53).payload(30); }

void add_transports(std::vector<SampleFrame>& list, const char* name, FrameBuilder ip) {
  const auto add = [&](const char* transport, const FrameBuilder& built) {
    list.push_back({std::string(name) + " " + transport, built.bytes(), built.link_type()});
  };
  add("tcp", FrameBuilder(ip).tcp(1234, 80).flags("SA").seq(0xfffffff0).ack(5).window(7).payload(11));
  add("tcp options", FrameBuilder(ip).tcp(1234, 80).flags("S").options(20).payload(5));
  add("tcp bad data offset", FrameBuilder(ip).tcp(1234, 80).set8(12, 0x20).payload(5));
  add("udp", FrameBuilder(ip).udp(1234, 53).payload(9));
  add("udp with a trailer", FrameBuilder(ip).udp(1234, 53).length(12).payload(9));
  add("udp without a length", FrameBuilder(ip).udp(1234, 53).length(0).payload(9));
  add("udplite", FrameBuilder(ip).udplite(1234, 53).set16(4, 8).payload(9));
  add("dccp", FrameBuilder(ip).dccp(1234, 5001).payload(9));
  add("dccp long header", FrameBuilder(ip).dccp(1234, 5001, 80).payload(9));
  add("dccp bad data offset", FrameBuilder(ip).dccp(1234, 5001).set8(4, 1).payload(9));
  add("icmp", FrameBuilder(ip).icmp(8, 0).payload(20));
  add("icmpv6", FrameBuilder(ip).icmp6(128, 0).payload(20));
  add("sctp", FrameBuilder(ip).sctp(1234, 5060).payload(16));
  add("sctp init", FrameBuilder(ip).sctp(1234, 5060).chunk(1, 0x12345678));
  add("sctp abort behind others", FrameBuilder(ip).sctp(1234, 5060).set16(6, 9).chunk(3).chunk(9).chunk(6));
  add("sctp shutdown complete", FrameBuilder(ip).sctp(1234, 5060).chunk(14));
  add("sctp chunk without a length", FrameBuilder(ip).sctp(1234, 5060).chunk(3).set16(2, 3).chunk(6));
  add("esp", FrameBuilder(ip).other(50).payload(40));
  add("padding", FrameBuilder(ip).udp(1, 2).payload(1).padding(17));
}

FrameBuilder eight_headers() {
  return frame().eth().cisco_metadata().vn_tag().fabric_path().eth().pbb().eth().macsec().vn_tag();
}

// Headers before the packet that are no tags.
void add_headers(std::vector<SampleFrame>& list) {
  const auto add = [&](const char* name, const FrameBuilder& built) {
    list.push_back({name, built.bytes(), built.link_type()});
  };
  add("cisco metadata", inside4(frame().eth().cisco_metadata()));
  add("cisco metadata version 2", inside4(frame().eth().cisco_metadata().set8(0, 2)));
  add("cisco metadata without options", inside4(frame().eth().cisco_metadata().set8(1, 0)));
  add("vn-tag", inside6(frame().eth().vn_tag().vlan(5)));
  add("e-tag", inside4(frame().eth().e_tag()));
  add("fabric path", inside6(frame().eth().fabric_path().eth(3, 4).vlan(6)));
  add("backbone bridge", inside4(frame().eth().vlan(5, 0x88a8).pbb().eth(3, 4).vlan(6)));
  add("backbone bridge with reserved bits", inside4(frame().eth().pbb().set8(0, 1).eth(3, 4)));
  add("service header", inside4(frame().eth().nsh()));
  add("service header, frame", inside6(frame().eth().nsh(2, 3).eth(3, 4)));
  add("service headers, labels", inside6(frame().eth().nsh(2, 2).nsh().mpls(16)));
  add("service header of no metadata type", inside4(frame().eth().nsh().set8(2, 3)));
  add("service header of a wrong length", inside4(frame().eth().nsh().set8(1, 5)));
  add("service header of version 1", inside4(frame().eth().nsh().set8(0, 0x40)));
  add("service header of something else", inside4(frame().eth().nsh().next(0)));
  add("macsec", inside4(frame().eth().macsec()));
  add("macsec with identifier", inside6(frame().eth().macsec(true).vlan(5)));
  add("macsec encrypted", inside4(frame().eth().macsec().set8(0, 0x0c)));
  add("pseudowire", inside4(frame().eth().mpls(16).eth(3, 4)));
  add("pseudowire with control word", inside4(frame().eth().mpls(16).mpls(17).control_word(9).eth(3, 4).vlan(5)));
  add("pseudowire with reserved bits", inside4(frame().eth().mpls(16).control_word(0x00010000).eth(3, 4)));
  add("channel of a pseudowire", frame().eth().mpls(16).control_word(0x10000021).payload(30));
  add("pseudowire to 4x:", inside4(frame().eth().mpls(16).eth(3, 4).set8(0, 0x42)));
  add("eight headers", inside4(eight_headers()));
  add("nine headers", inside4(eight_headers().e_tag()));
  FrameBuilder tagged = frame().eth();
  for (int i = 0; i < 8; ++i) {
    tagged.vlan(1).vlan(2).vlan(3).vlan(4);
    if (i % 2 == 0) tagged.fabric_path();
    tagged.eth(3, 4);
  }
  add("many tags and too many headers", inside4(tagged));
}

void add_tunnels(std::vector<SampleFrame>& list) {
  const auto add = [&](const char* name, const FrameBuilder& built) {
    list.push_back({name, built.bytes(), built.link_type()});
  };
  add("erspan 1", inside4(eth4().gre().next(0x88be).eth(3, 4)));
  add("erspan 1 of a keyed gre", inside4(eth4().gre_key(5).next(0x88be).eth(3, 4)));
  add("erspan 2", inside6(eth4().gre_sequence().erspan2(5).eth(3, 4).vlan(7)));
  add("erspan 2 of version 2", inside4(eth4().gre_sequence().erspan2(5).set8(0, 0x20).eth(3, 4)));
  add("erspan 3", inside4(eth6().gre_sequence().erspan3(0x3ff).eth(3, 4)));
  add("erspan 3 with subheader", inside4(eth4().gre_sequence().erspan3(5, true).eth(3, 4)));
  add("erspan 3 of ip", inside4(eth4().gre_sequence().erspan3(5).set8(10, 8)));
  add("erspan 3 of something else", inside4(eth4().gre_sequence().erspan3(5).set8(10, 4)));
  add("gre labels", inside6(eth4().gre_key(5).mpls(16).mpls(17)));
  add("gre pseudowire", inside4(eth4().gre().mpls(16).control_word().eth(3, 4)));
  add("gre service header", inside4(eth4().gre().nsh(2, 2).eth(3, 4)));
  add("pptp", inside4(eth4().pptp(77).ppp_header()));
  add("pptp with acknowledgement", inside6(eth4().pptp(77, true).ppp_header(false)));
  add("pptp too long", inside4(eth4().pptp(77).length(1000).ppp_header()));
  add("pptp acknowledgement alone", eth4().pptp(77, true).set8(0, 0x20).next(0x880b));
  add("pptp encrypted", inside4(eth4().pptp(77).ppp_header().next(0xfd)));
  add("wccp 1", inside4(eth4().gre().next(0x883e)));
  add("wccp 2", inside4(eth4().gre().wccp2()));
  for (const int bits : {0, 0x4000, 0x0800, 0x0200, 0x4b00}) {
    add("l2tp", inside4(eth4().udp(1701, 1701).l2tp(3, 4, static_cast<std::uint16_t>(bits)).ppp_header()));
  }
  add("l2tp from the port", inside6(eth4().udp(1701, 9).l2tp(3, 4).ppp_header(false)));
  add("l2tp control", inside6(eth4().udp(1701, 9).l2tp(3, 4, 0xc800).ppp_header()));
  add("l2tp too long", inside4(eth4().udp(9, 1701).l2tp(3, 4, 0x4000).length(900).ppp_header()));
  add("l2tp too short", inside4(eth4().udp(9, 1701).l2tp(3, 4, 0x4000).length(7).ppp_header()));
  add("l2tpv3", inside4(eth4().l2tpv3(9).eth(3, 4)));
  add("l2tpv3 with sublayer", inside4(eth4().l2tpv3(9).control_word(0x40000001).eth(3, 4)));
  add("l2tpv3 with cookie", inside4(eth4().l2tpv3(9, 8).eth(3, 4)));
  add("l2tpv3 control", inside4(eth4().l2tpv3(0).eth(3, 4)));
  add("etherip", inside6(eth6().etherip().eth(3, 4).vlan(5)));
  add("etherip with reserved bits", inside6(eth6().etherip().set8(1, 1).eth(3, 4)));
  add("labels in udp", inside4(eth4().udp(9, 6635).mpls(16).mpls(17)));
  add("vxlan-gpe", inside4(eth4().udp(9, 4790).vxlan_gpe(42)));
  add("vxlan-gpe frame", inside6(eth4().udp(9, 4790).vxlan_gpe(42).eth(3, 4)));
  add("vxlan-gpe service header", inside6(eth4().udp(9, 4790).vxlan_gpe(42).nsh().eth(3, 4)));
  add("vxlan-gpe without protocol", inside6(eth4().udp(9, 4790).vxlan_gpe(42).set8(0, 8).next(0).eth(3, 4)));
  add("vxlan-gpe oam", inside6(eth4().udp(9, 4790).vxlan_gpe(42).set8(0, 13).eth(3, 4)));
  add("gue", inside4(eth4().udp(9, 6080).gue(2)));
  add("gue without header", inside6(eth4().udp(9, 6080)));
  add("gue of gre", inside6(eth4().udp(9, 6080).gue().gre_key(5)));
  add("gue of etherip", inside6(eth4().udp(9, 6080).gue().etherip().eth(3, 4)));
  add("gue control", inside4(eth4().udp(9, 6080).gue().set8(0, 0x20)));
  add("lisp", inside4(eth4().udp(9, 4341).lisp(6)));
  add("lisp frame", inside4(eth4().udp(9, 4341).lisp_gpe(6).eth(3, 4)));
  add("lisp encrypted", inside4(eth4().udp(9, 4341).lisp(6).set8(0, 0x89)));
  add("capwap", inside4(eth4().udp(5247, 9).capwap().eth(3, 4)));
  add("capwap wireless", inside4(eth4().udp(9, 5247).capwap_wireless().snap()));
  add("capwap wireless, all fields", inside6(eth4().udp(9, 5247).capwap_wireless(true, true, true).snap().vlan(5)));
  add("capwap wireless, protected", inside6(eth4().udp(9, 5247).capwap_wireless().set8(1, 0x41).snap()));
  add("capwap keep-alive", inside4(eth4().udp(9, 5247).capwap().set8(3, 8).eth(3, 4)));
  add("capwap in dtls", inside4(eth4().udp(9, 5247).capwap().set8(0, 1).eth(3, 4)));
  const Bytes query{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 'w', 'w', 'w', 0, 0, 1, 0, 1};
  for (const std::uint16_t port : {1701, 3544, 4341, 4790, 5247, 6080, 6081, 6635, 4789, 2152}) {
    add("dns on a tunnel's port", eth4().udp(53, port).data(query));
  }
}

void add_link_types_of_files(std::vector<SampleFrame>& list) {
  const auto add = [&](const char* name, std::uint32_t link_type, const Bytes& header, FrameBuilder behind) {
    list.push_back({name, behind.bytes(), link_type});
    list.back().bytes.insert(list.back().bytes.begin(), header.begin(), header.end());
  };
  const FrameBuilder snap = frame().snap().ipv4(kA, kB).udp(1, 2).payload(3);
  const FrameBuilder packet = frame().ipv4(kA, kB).tcp(1, 2).payload(3);
  for (const std::uint8_t control : {0x08, 0x88, 0x48, 0x80})
    for (const std::uint8_t flags : {0x00, 0x01, 0x02, 0x83, 0x41})
      add("802.11", 105, wlan_header(control, flags), snap);
  FrameBuilder air = frame().data(wlan_header(0x88)).snap().vlan(5).ipv6(kA6, kB6).udp(1, 2).payload(3);
  add("radiotap", 127, radiotap_header({3, 0, 0, 0x80, 0, 0, 0, 0}, 25, 24, 0x10), air);
  add("radiotap padded", 127, radiotap_header({2, 0, 0, 0}, 9, 8, 0x20), air);
  for (const bool little : {false, true}) add("prism", 119, prism_header(little, 64), air);
  add("avs", 163, avs_header(), air);
  add("avs as prism", 119, avs_header(), air);
  add("ppi", 192, ppi_header(105, 20), air);
  add("ppi ethernet", 192, ppi_header(1), frame().eth().ipv4(kA, kB).udp(1, 2));
  add("ppi unknown", 192, ppi_header(147), packet);
  add("pktap", 258, pktap_header(1), frame().eth().vlan(5).ipv4(kA, kB).udp(1, 2));
  add("pktap raw", 258, pktap_header(12), packet);
  for (const Bytes& header : {Bytes{0x18, 0x41, 3, 0xcc}, Bytes{0x18, 0x40, 1, 3, 0, 0x80, 0, 0, 0, 8, 0},
                              Bytes{0x18, 0x41, 8, 0}, Bytes{0x18, 0x41, 3, 0xcf, 0, 0x21}})
    add("frame relay", 107, header, packet);
  add("frame relay bridged", 107, {0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 7}, frame().eth().ipv4(kA, kB).udp(1, 2));
  add("juniper", 178, juniper_header(0x81, 6), frame().eth().ipv4(kA, kB).udp(1, 2));
  add("juniper bare", 178, juniper_header(0x02), packet);
  add("ipnet", 226, ipnet_header(2), packet);
  for (const bool little : {false, true}) {
    Bytes header = {2, 0, 0, 1};
    for (const Bytes& attribute :
         {nflog_attribute(1, {8, 0, 3, 0}, little), nflog_attribute(9, packet.bytes(), little)})
      header.insert(header.end(), attribute.begin(), attribute.end());
    add("nflog", 239, header, frame());
  }
}

}  // namespace

std::vector<SampleFrame> sample_frames() {
  std::vector<SampleFrame> list;
  const auto add = [&](const char* name, const FrameBuilder& built) {
    list.push_back({name, built.bytes(), built.link_type()});
  };
  add_transports(list, "ipv4", eth4());
  add_transports(list, "ipv4 options", eth4().options(12));
  add_transports(list, "ipv6", eth6());
  add_transports(list, "one tag", frame().eth().vlan(5).ipv4(kA, kB));

  add("two tags", frame().eth().vlan(5, 0x88a8).vlan(6).ipv4(kA, kB).udp(1, 2));
  add("four tags", frame().eth().vlan(1).vlan(2, 0x9100).vlan(3).vlan(4).ipv6(kA6, kB6).udp(1, 2));
  add("five tags", frame().eth().vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).ipv4(kA, kB).udp(1, 2));
  add("priority tag", frame().eth().vlan(0).ipv4(kA, kB).tcp(1, 2));
  add("priority tag and vlan", frame().eth().vlan(0, 0x88a8).vlan(6).ipv6(kA6, kB6).udp(1, 2));
  add("four priority tags", frame().eth().vlan(0).vlan(0).vlan(0).vlan(0).ipv4(kA, kB).udp(1, 2));
  add("labels", frame().eth().mpls(1).mpls(2).mpls(3).ipv4(kA, kB).udp(1, 2));
  add("tag and label", frame().eth().vlan(9).mpls(1).ipv6(kA6, kB6).udp(1, 2));
  FrameBuilder eight = frame().eth();
  for (std::uint32_t label = 0; label < 8; ++label) eight.mpls(label);
  add("eight labels", FrameBuilder(eight).ipv4(kA, kB).udp(1, 2));
  add("nine labels", FrameBuilder(eight).mpls(8).ipv4(kA, kB).udp(1, 2));
  add("label without ip", frame().eth().mpls(1).data({0x00, 0x00, 0x00, 0x00}));
  add("pppoe", frame().eth().pppoe().ipv4(kA, kB).udp(1, 2).payload(3));
  add("pppoe ipv6", frame().eth().vlan(7).pppoe().ipv6(kA6, kB6).udp(1, 2));
  add("pppoe lcp", frame().eth().pppoe().next(0xc021).payload(8));
  add("snap", frame().eth_snap().ipv4(kA, kB).udp(1, 2));
  add("tags behind snap", frame().eth_snap().vlan(1).vlan(2).vlan(3).vlan(4).ipv4(kA, kB).udp(1, 2));
  add("snap behind a tag", frame().eth().vlan(5).snap().vlan(6).ipv4(kA, kB).udp(1, 2));
  add("arp", frame().eth().next(0x0806).payload(28));
  add("802.3 without snap", frame().eth().next(60).data({0x42, 0x42, 3, 0, 0, 0, 0, 0, 0, 0}));

  add_headers(list);
  add("linux cooked", frame().sll().ipv4(kA, kB).udp(1, 2));
  add("linux cooked tag", frame().sll().vlan(5).ipv6(kA6, kB6).udp(1, 2));
  add("linux cooked v2", frame().sll2().ipv6(kA6, kB6).udp(1, 2));
  for (const std::uint32_t link_type : {12U, 101U, 228U})
    add("raw ipv4", frame().raw(link_type).ipv4(kA, kB).udp(1, 2));
  for (const std::uint32_t link_type : {12U, 101U, 229U})
    add("raw ipv6", frame().raw(link_type).ipv6(kA6, kB6).udp(1, 2));
  add("raw of no version", frame().raw().data(Bytes(20, 0x50)));
  for (const bool little : {false, true}) {
    add("null ipv4", frame().null_loopback(2, little).ipv4(kA, kB).udp(1, 2));
    for (const std::uint32_t family : {10U, 24U, 28U, 30U}) {
      add("null ipv6", frame().null_loopback(family, little).ipv6(kA6, kB6).udp(1, 2));
    }
    add("null of no ip", frame().null_loopback(7, little).ipv4(kA, kB).udp(1, 2));
  }
  add("loop", frame().null_loopback(2, false, 108).ipv4(kA, kB).udp(1, 2));
  for (const std::uint32_t link_type : {9U, 50U}) {
    for (const bool address_control : {false, true}) {
      add("ppp", frame().ppp(link_type, address_control).ipv4(kA, kB).udp(1, 2));
      add("ppp short", frame().ppp(link_type, address_control, true).ipv6(kA6, kB6).udp(1, 2));
      add("ppp mpls", frame().ppp(link_type, address_control).mpls(3).ipv4(kA, kB).udp(1, 2));
    }
  }
  add("ppp lcp", frame().ppp().next(0xc021).payload(8));
  add("hdlc", frame().hdlc().ipv4(kA, kB).udp(1, 2));
  add("hdlc by the ppp type", frame().hdlc(50).ipv6(kA6, kB6).udp(1, 2));
  add("unknown link type", frame().raw(129).ipv4(kA, kB).udp(1, 2));
  add_link_types_of_files(list);

  add("total length 0", eth4().length(0).tcp(1, 2).payload(50));
  add("total length below header", eth4().length(19).tcp(1, 2).payload(50));
  add("total length too long", eth4().length(1500).tcp(1, 2).payload(50));
  add("total length cuts tcp", eth4().length(39).tcp(1, 2).payload(50));
  add("ihl below 5", eth4().set8(0, 0x44).tcp(1, 2));
  add("ihl beyond the frame", eth4().set8(0, 0x4f).udp(1, 2));
  add("wrong version", eth4().set8(0, 0x65).tcp(1, 2));
  add("wrong version 6", eth6().set8(0, 0x40).tcp(1, 2));
  add("payload length 0", eth6().length(0).tcp(1, 2).payload(50));
  add("payload length too short", eth6().length(10).tcp(1, 2).payload(50));
  add("jumbo", eth6().jumbo(80000).tcp(1, 2).payload(50));
  add("jumbo behind padding", eth6()
                                  .length(0)
                                  .extension(0, 16)
                                  .set16(2, 0)
                                  .set16(4, 0x0100)
                                  .set16(6, 0xc204)
                                  .set16(8, 1)
                                  .set16(10, 0x86a0)
                                  .tcp(1, 2)
                                  .payload(50));
  add("hop by hop without jumbo", eth6().length(0).extension(0, 16).tcp(1, 2).payload(50));

  for (const std::uint8_t protocol : {0, 43, 60, 135, 139, 140}) {
    add("extension", eth6().extension(protocol, 24).udp(1, 2).payload(3));
  }
  add("ah", eth6().extension(51, 24).tcp(1, 2).payload(3));
  add("ah before esp", eth6().extension(51, 24).other(50).payload(16));
  FrameBuilder extensions = eth6();
  for (int i = 0; i < 8; ++i) extensions.extension(60, 8);
  add("eight extensions", FrameBuilder(extensions).udp(1, 2));
  add("nine extensions", FrameBuilder(extensions).extension(43, 8).udp(1, 2));
  add("extension beyond the packet", eth6().extension(60, 8).set8(1, 200).udp(1, 2));
  add("no next header", eth6().other(59).payload(4));

  add("first fragment", eth4().id(77).fragment(0, true).udp(1, 2).payload(24));
  add("middle fragment", eth4().id(77).fragment(32, true).other(17).payload(24));
  add("last fragment", eth4().id(77).fragment(56, false).other(6).payload(4));
  add("first fragment 6", eth6().fragment_header(0x12345678, 0, true).udp(1, 2).payload(24));
  add("later fragment 6", eth6().fragment_header(0x12345678, 32, false).other(60).payload(24));
  add("atomic fragment 6", eth6().fragment_header(0x12345678, 0, false).udp(1, 2).payload(24));
  add("fragment before options", eth6().fragment_header(9, 0, true).extension(60, 8).udp(1, 2).payload(24));
  add("fragment of a tunnel", inside4(eth4().fragment(0, true).gre()));

  add("ipip", inside4(eth4()));
  add("6in4", inside6(eth4()));
  add("4in6", inside4(eth6()));
  add("ip6in6", inside6(eth6()));
  add("6in6 as protocol 4", eth4().next(4).ipv6(kA6, kB6).udp(1, 2));
  add("gre", inside4(eth4().gre()));
  add("gre ipv6", inside6(eth4().gre()));
  add("gre key", inside4(eth6().gre_key(99)));
  add("gre full", inside6(eth4().gre_full(0xffffffff)));
  add("gre ethernet", inside4(eth4().gre_key(1).eth(3, 4).vlan(8)));
  add("gre version 1", inside4(eth4().gre().set8(1, 1)));
  add("gre source routing", inside4(eth4().gre().set8(0, 0x40)));
  add("gre other kind", eth4().gre().next(0x88be).payload(40));
  for (const std::uint16_t port : {4789, 8472}) add("vxlan", inside4(eth4().udp(9, port).vxlan(1234).eth(3, 4)));
  add("vxlan tags", inside4(frame().eth().vlan(1).ipv6(kA6, kB6).udp(9, 4789).vxlan(5).eth(3, 4).vlan(2).vlan(3)));
  add("vxlan without vni", inside4(eth4().udp(9, 4789).vxlan(5).set8(0, 0).eth(3, 4)));
  add("vxlan from the port", inside4(eth4().udp(4789, 9).vxlan(5).eth(3, 4)));
  add("vxlan arp", eth4().udp(9, 4789).vxlan(5).eth(3, 4).next(0x0806).payload(28));
  add("vxlan cut by udp", inside4(eth4().udp(9, 4789).length(60).vxlan(5).eth(3, 4)));
  add("geneve", inside4(eth4().udp(9, 6081).geneve(77).eth(3, 4)));
  add("geneve options", inside6(eth4().udp(9, 6081).geneve(77, 12)));
  add("geneve version 1", inside6(eth4().udp(9, 6081).geneve(77).set8(0, 0x40)));
  add("geneve long options", inside6(eth4().udp(9, 6081).geneve(77).set8(0, 0x3f)));
  add("gtpu", inside4(eth4().udp(2152, 2152).gtpu(0xabcdef01)));
  add("gtpu from the port", inside6(eth4().udp(2152, 9).gtpu(1)));
  add("gtpu sequence", inside4(eth4().udp(9, 2152).gtpu_extended(2, 0)));
  add("gtpu extensions", inside4(eth4().udp(9, 2152).gtpu_extended(2, 2)));
  add("gtpu eight extensions", inside4(eth4().udp(9, 2152).gtpu_extended(2, 8)));
  add("gtpu nine extensions", inside4(eth4().udp(9, 2152).gtpu_extended(2, 9)));
  add("gtpu empty extension", inside4(eth4().udp(9, 2152).gtpu_extended(2, 1).set8(12, 0)));
  add("gtpu echo", inside4(eth4().udp(9, 2152).gtpu(0).set8(1, 1)));
  add("teredo", inside6(eth4().udp(9, 3544)));
  add("teredo origin", inside6(eth4().udp(3544, 9).teredo_origin()));
  add("teredo both", inside6(eth4().udp(9, 3544).teredo_authentication(3, 5).teredo_origin()));
  add("teredo ipv4", inside4(eth4().udp(9, 3544)));
  add_tunnels(list);
  add("four layers", inside4(eth4().ipv4(kA, kB).gre().ipv6(kA6, kB6).ipv4(kB, kA)));
  add("five layers", inside4(eth4().ipv4(kA, kB).gre().ipv6(kA6, kB6).ipv4(kB, kA).ipv4(kA, kB)));
  add("vxlan in gtpu in pppoe", inside4(frame()
                                            .eth()
                                            .vlan(3)
                                            .pppoe()
                                            .ipv4(kA, kB)
                                            .udp(1, 2152)
                                            .gtpu(5)
                                            .ipv6(kA6, kB6)
                                            .udp(1, 4789)
                                            .vxlan(6)
                                            .eth(5, 6)
                                            .vlan(4)));
  add("tunnel of a broken packet", inside4(eth4().gre().ipv4(kA, kB).set8(0, 0x42)));
  add("tunnel that breaks inside", eth4().gre_key(3).ipv4(kA, kB).ipv4(kB, kA).set8(0, 0x41).udp(1, 2));
  add("tunnel of too short a packet", inside4(eth4().length(50).gre()));
  add("quoted packet", inside4(eth4().icmp(3, 1)));
  return list;
}

}  // namespace flowgauge::test
