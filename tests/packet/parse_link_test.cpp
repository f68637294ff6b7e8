// Link layers, tags, labels, PPPoE, SNAP: where the IP header is found, and what is kept on the way.
#include <vector>

#include "tests/packet/parse_case.h"
#include "tests/support/sample_frames.h"

namespace flowgauge::test {
namespace {

// The packet that stands in every frame here: UDP, 5 bytes of payload; 33 bytes with IPv4, 53 with IPv6.

TEST(ParseLink, FindsTheIpHeaderBehindEachLinkLayer) {
  const std::vector<ParseCase> cases = {
      {"ethernet", with4(frame().eth(1, 2)), udp4(14).mac(1, 2)},
      {"ethernet, IPv6", with6(frame().eth(3, 4)), udp6(14).mac(3, 4)},
      {"802.3 with SNAP", with4(frame().eth_snap()), udp4(22).mac(1, 2)},
      {"linux cooked v1", with4(frame().sll()), udp4(16)},
      {"linux cooked v1, IPv6", with6(frame().sll()), udp6(16)},
      {"linux cooked v1 of a GRE interface, a frame", with4(frame().sll().set16(2, 778).eth(3, 4)), udp4(30).mac(3, 4)},
      {"linux cooked v2 of Ethernet, a frame", with4(frame().sll2().set16(8, 1).eth(3, 4)), udp4(34).mac(3, 4)},
      {"linux cooked v2", with4(frame().sll2()), udp4(20)},
      {"linux cooked v2, IPv6", with6(frame().sll2()), udp6(20)},
      {"raw by pcap_datalink", with4(frame().raw(12)), udp4(0)},
      {"raw in files", with6(frame().raw(101)), udp6(0)},
      {"raw IPv4", with4(frame().raw(228)), udp4(0)},
      {"raw IPv6", with6(frame().raw(229)), udp6(0)},
      {"null, little-endian", with4(frame().null_loopback(2, true)), udp4(4)},
      {"null, big-endian", with4(frame().null_loopback(2, false)), udp4(4)},
      {"null, IPv6 of Linux", with6(frame().null_loopback(10)), udp6(4)},
      {"null, IPv6 of NetBSD", with6(frame().null_loopback(24)), udp6(4)},
      {"null, IPv6 of FreeBSD", with6(frame().null_loopback(28, false)), udp6(4)},
      {"null, IPv6 of macOS", with6(frame().null_loopback(30)), udp6(4)},
      {"loop", with4(frame().null_loopback(2, false, 108)), udp4(4)},
      {"PPP with address and control", with4(frame().ppp(9)), udp4(4)},
      {"PPP without", with6(frame().ppp(9, false)), udp6(2)},
      {"PPP, short protocol", with4(frame().ppp(9, false, true)), udp4(1)},
      {"PPP, all of it", with6(frame().ppp(9, true, true)), udp6(3)},
      {"PPP in HDLC-like framing", with4(frame().ppp(50)), udp4(4)},
      {"Cisco framing by the same type", with4(frame().hdlc(50)), udp4(4)},
      {"Cisco multicast framing by the same type", with4(frame().hdlc(50).set8(0, 0x8f)), udp4(4)},
      {"Cisco HDLC", with6(frame().hdlc()), udp6(4)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseLink, KeepsOutermostAndInnermostTag) {
  const std::vector<ParseCase> cases = {
      {"802.1Q, priority bits left out", with4(frame().eth().vlan(5)), udp4(18).mac(1, 2).vlan(5)},
      {"id 0 is a priority and no VLAN", with4(frame().eth().vlan(0)), udp4(18).mac(1, 2)},
      {"id 0 around a VLAN", with4(frame().eth().vlan(0, 0x88a8).vlan(6)), udp4(22).mac(1, 2).vlan(6)},
      {"id 0 within a VLAN", with4(frame().eth().vlan(6, 0x88a8).vlan(0)), udp4(22).mac(1, 2).vlan(6)},
      {"id 0 between two VLANs", with4(frame().eth().vlan(6).vlan(0).vlan(7)), udp4(26).mac(1, 2).vlan(6).vlan(7)},
      {"id 0 four times", with4(frame().eth().vlan(0).vlan(0).vlan(0).vlan(0)), udp4(30).mac(1, 2)},
      {"id 0 is one of five", with4(frame().eth().vlan(0).vlan(1).vlan(2).vlan(3).vlan(4)), {}, PACKET_TOO_MANY_TAGS},
      {"id 4095", with4(frame().eth().vlan(4095)), udp4(18).mac(1, 2).vlan(4095)},
      {"802.1ad and 802.1Q", with6(frame().eth().vlan(5, 0x88a8).vlan(6)), udp6(22).mac(1, 2).vlan(5).vlan(6)},
      {"0x9100", with4(frame().eth().vlan(7, 0x9100).vlan(8)), udp4(22).mac(1, 2).vlan(7).vlan(8)},
      {"four: the second and third are forgotten", with4(frame().eth().vlan(1).vlan(2).vlan(3).vlan(4)),
       udp4(30).mac(1, 2).vlan(1).vlan(2).vlan(3).vlan(4)},
      {"behind SNAP", with4(frame().eth_snap().vlan(9)), udp4(26).mac(1, 2).vlan(9)},
      {"cooked", with4(frame().sll().vlan(9)), udp4(20).vlan(9)},
      {"four, SNAP, four", with4(frame().eth().vlan(1).vlan(2).vlan(3).vlan(4).snap().vlan(5).vlan(6).vlan(7).vlan(8)),
       udp4(54).mac(1, 2).vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).vlan(6).vlan(7).vlan(8)},
      {"five", with4(frame().eth().vlan(1).vlan(2).vlan(3).vlan(4).vlan(5)), {}, PACKET_TOO_MANY_TAGS},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
  const packet_event four = parse(with4(frame().eth().vlan(1).vlan(2).vlan(3).vlan(4)).bytes(), 1).event;
  EXPECT_EQ(four.outer_vlan_id, 1);
  EXPECT_EQ(four.inner_vlan_id, 4);
  EXPECT_EQ(four.vlan_count, 4);
}

FrameBuilder labels(int count) {
  FrameBuilder builder = frame().eth();
  for (int label = 0; label < count; ++label) builder.mpls(static_cast<std::uint32_t>(100 + label));
  return builder;
}

TEST(ParseLink, WalksLabelsAndPppoe) {
  const std::vector<ParseCase> cases = {
      {"one label", with4(labels(1)), udp4(18).mac(1, 2)},
      {"one label, IPv6", with6(labels(1)), udp6(18).mac(1, 2)},
      {"eight labels", with4(labels(8)), udp4(46).mac(1, 2)},
      {"nine labels", with4(labels(9)), {}, PACKET_TOO_MANY_LABELS},
      {"multicast kind", with4(frame().eth().next(0x8848).mpls(1)), udp4(18).mac(1, 2)},
      {"behind a tag", with4(frame().eth().vlan(3).mpls(1)), udp4(22).mac(1, 2).vlan(3)},
      {"in PPP", with4(frame().ppp().mpls(1)), udp4(8)},
      {"neither 4 nor 6 behind the labels", labels(1).data({0x10, 0, 0, 0}), {}, PACKET_NOT_IP},
      {"PPPoE", with4(frame().eth().pppoe()), udp4(22).mac(1, 2)},
      {"PPPoE, IPv6, behind tags", with6(frame().eth().vlan(1).vlan(2).pppoe()), udp6(30).mac(1, 2).vlan(1).vlan(2)},
      {"PPPoE with labels", with4(frame().eth().pppoe().mpls(4)), udp4(26).mac(1, 2)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseLink, SaysWhyThereIsNoIp) {
  const std::vector<ParseCase> cases = {
      {"kind 0x05ff is a length", with4(frame().eth().next(0x05ff).snap()), udp4(22).mac(1, 2)},
      {"kind 0x0600 is none of ours", with4(frame().eth().next(0x0600).snap()), {}, PACKET_NOT_IP},
      {"ARP", frame().eth().next(0x0806).payload(28), {}, PACKET_NOT_IP},
      {"802.3 without SNAP", frame().eth().next(30).data(Bytes(30, 0x42)), {}, PACKET_NOT_IP},
      {"SNAP of a vendor", with4(frame().eth_snap().set8(5, 1)), {}, PACKET_NOT_IP},
      {"SNAP with another control field", with4(frame().eth_snap().set8(2, 0x13)), {}, PACKET_NOT_IP},
      {"PPPoE discovery", frame().eth().next(0x8863).payload(20), {}, PACKET_NOT_IP},
      {"PPPoE without IP", frame().eth().pppoe().next(0xc021).payload(20), {}, PACKET_NOT_IP},
      {"PPP without IP", frame().ppp().next(0xc021).payload(20), {}, PACKET_NOT_IP},
      {"null without IP", with4(frame().null_loopback(7)), {}, PACKET_NOT_IP},
      {"raw without version", frame().raw().data(Bytes(40, 0x10)), {}, PACKET_NOT_IP},
      {"ARCNET", with4(frame().raw(129)), {}, PACKET_UNSUPPORTED_LINK_TYPE},
      {"14, which is raw on one system only", with4(frame().raw(14)), {}, PACKET_UNSUPPORTED_LINK_TYPE},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseLink, RawTypesOfOneVersionTakeNoOther) {
  check({"IPv6 as 228", with6(frame().raw(228)), {}, PACKET_MALFORMED_IP});
  check({"IPv4 as 229", with4(frame().raw(229)), {}, PACKET_TRUNCATED_L3});  // 33 bytes are no IPv6 header
  check({"longer IPv4 as 229", with4(frame().raw(229)).payload(20), {}, PACKET_MALFORMED_IP});
}

TEST(ParseLink, TellsWhichTypesItKnows) {
  for (std::uint32_t link_type = 0; link_type < 400; ++link_type) {
    const bool unsupported = parse(Bytes(60, 0), link_type).reason == PACKET_UNSUPPORTED_LINK_TYPE;
    EXPECT_EQ(packet_link_type_supported(link_type) != 0, !unsupported) << link_type;
  }
}

TEST(ParseLink, SetsEveryFieldButTheCallers) {
  for (const SampleFrame& sample : sample_frames()) {
    packet_event event;
    std::fill_n(reinterpret_cast<std::uint8_t*>(&event), sizeof event, std::uint8_t{0xee});
    event.timestamp_ns = -5;
    event.interface = 6;
    event.key_interface = 7;
    event.partition = 8;
    const packet_parse_config config = packet_parse_defaults();
    const auto size = static_cast<std::uint32_t>(sample.bytes.size());
    const packet_reason reason = packet_parse(&config, sample.bytes.data(), size, size, sample.link_type, &event);
    if (reason != PACKET_ACCEPTED) continue;

    packet_event expected = parse(sample.bytes, sample.link_type).event;  // begins with zeros
    expected.timestamp_ns = -5;
    expected.interface = 6;
    expected.key_interface = 7;
    expected.partition = 8;
    EXPECT_EQ(event_text(event), event_text(expected)) << sample.name;
  }
}

}  // namespace
}  // namespace flowgauge::test
