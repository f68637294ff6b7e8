// Headers before the packet that are no tags, and pseudowires: Ethernet behind labels, which nothing announces.
#include <vector>

#include "tests/packet/parse_case.h"

namespace flowgauge::test {
namespace {

EventBuilder eth_udp4(std::size_t ip_offset) { return udp4(ip_offset).mac(1, 2); }
EventBuilder eth_udp6(std::size_t ip_offset) { return udp6(ip_offset).mac(1, 2); }
FrameBuilder labelled() { return frame().eth().mpls(16); }

TEST(ParseHeaders, AreSkippedToThePacket) {
  const std::vector<ParseCase> cases = {
      {"Cisco metadata", with4(frame().eth().cisco_metadata()), eth_udp4(22)},
      {"Cisco metadata of two words", with4(frame().eth().cisco_metadata().set8(1, 2).set16(6, 0).data({0, 0, 8, 0})),
       eth_udp4(26)},
      {"Cisco metadata behind a tag", with6(frame().eth().vlan(5).cisco_metadata()), eth_udp6(26).vlan(5)},
      {"VN-tag", with4(frame().eth().vn_tag()), eth_udp4(20)},
      {"VN-tag, tag", with6(frame().eth().vn_tag().vlan(5)), eth_udp6(24).vlan(5)},
      {"E-tag", with4(frame().eth().e_tag()), eth_udp4(22)},
      {"E-tag, tag", with4(frame().eth().e_tag().vlan(5)), eth_udp4(26).vlan(5)},
      {"FabricPath: the outermost addresses stay", with4(frame().eth(1, 2).fabric_path().eth(8, 9)), eth_udp4(30)},
      {"802.1ah", with4(frame().eth(1, 2).pbb().eth(8, 9)), eth_udp4(32)},
      {"802.1ah with tags on both sides", with6(frame().eth().vlan(5, 0x88a8).pbb().eth(8, 9).vlan(6)),
       eth_udp6(40).vlan(5).vlan(6)},
      {"NSH", with4(frame().eth().nsh()), eth_udp4(38)},
      {"NSH, IPv6, no metadata", with6(frame().eth().nsh(2, 2)), eth_udp6(22)},
      {"NSH, all 63 words", with4(frame().eth().nsh(2, 63)), eth_udp4(266)},
      {"NSH, frame", with4(frame().eth().nsh().eth(8, 9)), eth_udp4(52)},
      {"NSH, NSH, labels", with4(frame().eth().nsh().nsh(2, 3).mpls(16)), eth_udp4(54)},
      {"NSH in a cooked frame: the addresses are those inside", with4(frame().sll().nsh(2, 2).eth(1, 2)), eth_udp4(38)},
      {"MACsec in clear", with4(frame().eth().macsec()), eth_udp4(22)},
      {"MACsec in clear, with identifier", with6(frame().eth().macsec(true).vlan(5)), eth_udp6(34).vlan(5)},
      {"a frame in a frame", with4(frame().eth(1, 2).eth(8, 9)), eth_udp4(28)},
      {"tags are counted anew in a frame",
       with4(frame().eth().vlan(1).vlan(2).vlan(3).vlan(4).pbb().eth(8, 9).vlan(5).vlan(6).vlan(7).vlan(8)),
       eth_udp4(64).vlan(1).vlan(2).vlan(3).vlan(4).vlan(5).vlan(6).vlan(7).vlan(8)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseHeaders, ThatAreNotWellFormedHideThePacket) {
  const std::vector<ParseCase> cases = {
      {"Cisco metadata of version 0", with4(frame().eth().cisco_metadata().set8(0, 0)), {}, PACKET_NOT_IP},
      {"Cisco metadata without options", with4(frame().eth().cisco_metadata().set8(1, 0)), {}, PACKET_NOT_IP},
      {"Cisco metadata beyond the frame", with4(frame().eth().cisco_metadata().set8(1, 255)), {}, PACKET_TRUNCATED_L2},
      {"802.1ah with reserved bits", with4(frame().eth().pbb().set8(0, 2).eth(8, 9)), {}, PACKET_NOT_IP},
      {"NSH of version 1", with4(frame().eth().nsh().set8(0, 0x40)), {}, PACKET_NOT_IP},
      {"NSH of metadata type 0", with4(frame().eth().nsh(0)), {}, PACKET_NOT_IP},
      {"NSH of metadata type 15", with4(frame().eth().nsh(15)), {}, PACKET_NOT_IP},
      {"NSH, type 1, 5 words", with4(frame().eth().nsh(1, 5)), {}, PACKET_NOT_IP},
      {"NSH, type 2, 1 word", with4(frame().eth().nsh(2, 2).set8(1, 1)), {}, PACKET_NOT_IP},
      {"NSH of another protocol", with4(frame().eth().nsh().next(6)), {}, PACKET_NOT_IP},
      {"NSH that says IPv6", with4(frame().eth().nsh().next(2)), {}, PACKET_TRUNCATED_L3},
      {"MACsec, encrypted", with4(frame().eth().macsec().set8(0, 0x0c)), {}, PACKET_NOT_IP},
      {"MACsec, changed", with4(frame().eth().macsec().set8(0, 0x04)), {}, PACKET_NOT_IP},
      {"MACsec of version 1", with4(frame().eth().macsec().set8(0, 0x80)), {}, PACKET_NOT_IP},
      {"ARP behind Cisco metadata", frame().eth().cisco_metadata().next(0x0806).payload(28), {}, PACKET_NOT_IP},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseHeaders, PseudowiresAreFound) {
  const std::vector<ParseCase> cases = {
      {"without control word", with4(labelled().eth(8, 9)), eth_udp4(32)},
      {"without control word, tagged", with6(labelled().mpls(17).eth(8, 9).vlan(5)), eth_udp6(40).vlan(5)},
      {"with control word", with4(labelled().control_word().eth(8, 9)), eth_udp4(36)},
      {"with control word and sequence number", with4(labelled().control_word(0xffff).eth(8, 9)), eth_udp4(36)},
      {"to an address that looks like a control word", with4(labelled().eth(8, 9).set16(0, 0)), eth_udp4(32)},
      {"to an address of any other nibble", with4(labelled().eth(8, 9).set8(0, 0xfe)), eth_udp4(32)},
      {"with labels inside", with4(labelled().eth(8, 9).mpls(18)), eth_udp4(36)},
      {"in PPP", with4(frame().ppp().mpls(16).eth(1, 2)), eth_udp4(22)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseHeaders, PseudowiresAreNeverGuessed) {
  const std::vector<ParseCase> cases = {
      {"to an address that begins with 4: IPv4 is announced",
       with4(labelled().eth(8, 9).set8(0, 0x44)),
       {},
       PACKET_MALFORMED_IP},
      {"to an address that begins with 6: IPv6 is announced",
       labelled().eth(8, 9).set8(0, 0x62).ipv4(kA, kB).other(89),
       {},
       PACKET_TRUNCATED_L3},
      {"a control word with reserved bits", with4(labelled().control_word(0x00100000).eth(8, 9)), {}, PACKET_NOT_IP},
      {"an associated channel", labelled().control_word(0x10000021).payload(40), {}, PACKET_NOT_IP},
      {"no EtherType of ours", labelled().control_word().eth(8, 9).next(0x88cc).payload(40), {}, PACKET_NOT_IP},
      {"a frame of a length", labelled().eth_snap(8, 9).payload(40), {}, PACKET_NOT_IP},
      {"too few bytes for a frame", labelled().eth(8, 9).data({}), {}, PACKET_NOT_IP},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseHeaders, AreEightAtMost) {
  const auto tags = [](int count) {
    FrameBuilder builder = frame().eth();
    for (int i = 0; i < count; ++i) builder.e_tag();
    return builder;
  };
  check({"eight", with4(tags(8)), eth_udp4(78)});
  check({"nine", with4(tags(9)), {}, PACKET_TOO_MANY_TAGS});
  check({"eight, and something else", tags(8).next(0x0806).payload(28), {}, PACKET_NOT_IP});
  check({"eight and four tags", with4(tags(8).vlan(1).vlan(1).vlan(1).vlan(1)),
         eth_udp4(94).vlan(1).vlan(1).vlan(1).vlan(1)});
  check({"tags are counted on behind a header that is no frame",
         with4(frame().eth().vlan(1).vlan(1).vlan(1).e_tag().vlan(1).vlan(1)),
         {},
         PACKET_TOO_MANY_TAGS});
  FrameBuilder frames = frame().eth();
  for (int i = 0; i < 4; ++i) frames.fabric_path().eth(8, 9);
  check({"frames inside count as well: four and four", with4(frames), eth_udp4(14 + 4 * 16)});
  check({"and one more", with4(FrameBuilder(frames).vn_tag()), {}, PACKET_TOO_MANY_TAGS});
}

}  // namespace
}  // namespace flowgauge::test
