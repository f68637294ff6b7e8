// Link types that only files have: where the IP header is found, and what is no packet.
#include <vector>

#include "tests/packet/parse_case.h"
#include "tests/support/link_frames.h"

namespace flowgauge::test {
namespace {

// UDP, 5 bytes of payload; 33 bytes with IPv4, 53 with IPv6.
FrameBuilder of(std::uint32_t link_type, const Bytes& header) { return frame().raw(link_type).data(header); }
FrameBuilder wlan(const Bytes& header = wlan_header()) { return of(105, header).snap(); }

TEST(ParseFileLink, FindsThePacketInEachDataFrame) {
  const Bytes flags = {2, 0, 0, 0};
  const Bytes time_and_flags = {3, 0, 0, 0};
  const Bytes three_words = {3, 0, 0, 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0};
  const auto radiotap = [](const Bytes& header, const Bytes& inside = wlan_header(0x88)) {
    return of(127, header).data(inside).snap();
  };
  const std::vector<ParseCase> cases = {
      // Receiver, transmitter and third address end in 0x11, 0x12, 0x13; the fourth in 0x14.
      {"ad hoc", with4(wlan(wlan_header(0x08, 0x00))), udp4(32).mac(0x12, 0x11)},
      {"to the access point", with4(wlan(wlan_header(0x08, 0x01))), udp4(32).mac(0x12, 0x13)},
      {"from the access point", with6(wlan(wlan_header(0x08, 0x02))), udp6(32).mac(0x13, 0x11)},
      {"between access points", with4(wlan(wlan_header(0x08, 0x03))), udp4(38).mac(0x14, 0x13)},
      {"QoS", with4(wlan(wlan_header(0x88, 0x01))), udp4(34).mac(0x12, 0x13)},
      {"QoS, four addresses", with6(wlan(wlan_header(0x88, 0x03))), udp6(40).mac(0x14, 0x13)},
      {"QoS, HT control", with4(wlan(wlan_header(0x88, 0x82))), udp4(38).mac(0x13, 0x11)},
      {"order without QoS", with4(wlan(wlan_header(0x08, 0x81))), udp4(32).mac(0x12, 0x13)},
      {"with acknowledgement", with4(wlan(wlan_header(0x18, 0x01))), udp4(32).mac(0x12, 0x13)},
      {"the first fragment", with4(wlan(wlan_header(0x08, 0x05))), udp4(32).mac(0x12, 0x13)},
      {"a tag behind SNAP", with4(wlan().vlan(7)), udp4(36).mac(0x12, 0x13).vlan(7)},
      {"a check sequence at the end", with4(wlan()).padding(4), udp4(32).mac(0x12, 0x13)},
      {"radiotap, no field", with4(radiotap(radiotap_header({0, 0, 0, 0}, 8))), udp4(42).mac(0x12, 0x13)},
      {"radiotap, padded",
       with4(radiotap(radiotap_header(flags, 9, 8, 0x30),
                      [] {
                        Bytes padded = wlan_header(0x88);
                        padded.resize(28);
                        return padded;
                      }())),
       udp4(45).mac(0x12, 0x13)},
      {"radiotap, not padded", with4(radiotap(radiotap_header(flags, 9, 8, 0x10))), udp4(43).mac(0x12, 0x13)},
      {"radiotap, flags behind a time", with4(radiotap(radiotap_header(time_and_flags, 17, 16, 0x10))),
       udp4(51).mac(0x12, 0x13)},
      {"radiotap, three words, padded",
       with4(radiotap(radiotap_header(three_words, 26, 24, 0x20),
                      [] {
                        Bytes padded = wlan_header(0x08, 0x03);
                        padded.resize(32);
                        return padded;
                      }())),
       udp4(66).mac(0x14, 0x13)},
      {"radiotap, three words", with4(radiotap(radiotap_header(three_words, 26, 24, 0x10))), udp4(60).mac(0x12, 0x13)},
      {"Prism, little-endian", with4(of(119, prism_header(true)).data(wlan_header()).snap()),
       udp4(176).mac(0x12, 0x13)},
      {"Prism, big-endian", with6(of(119, prism_header(false, 24)).data(wlan_header()).snap()),
       udp6(56).mac(0x12, 0x13)},
      {"AVS as Prism", with4(of(119, avs_header()).data(wlan_header()).snap()), udp4(96).mac(0x12, 0x13)},
      {"AVS", with4(of(163, avs_header(0x80211002, 70)).data(wlan_header()).snap()), udp4(102).mac(0x12, 0x13)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseFileLink, TakesNoOtherFrameOfTheAir) {
  const auto changed = [](std::size_t at, std::uint8_t value, std::uint8_t control = 0x88) {
    Bytes header = wlan_header(control);
    header.at(at) = value;
    return header;
  };
  const std::vector<ParseCase> cases = {
      {"beacon", with4(wlan(changed(0, 0x80))), {}, PACKET_NOT_IP},
      {"acknowledgement", with4(wlan(changed(0, 0xd4))), {}, PACKET_NOT_IP},
      {"extension", with4(wlan(changed(0, 0x0c))), {}, PACKET_NOT_IP},
      {"version 1", with4(wlan(changed(0, 0x89))), {}, PACKET_NOT_IP},
      {"no data", with4(wlan(changed(0, 0x48))), {}, PACKET_NOT_IP},
      {"QoS, no data", with4(wlan(changed(0, 0xc8))), {}, PACKET_NOT_IP},
      {"protected", with4(wlan(changed(1, 0x41))), {}, PACKET_NOT_IP},
      {"a later fragment", with4(wlan(changed(22, 0x31))), {}, PACKET_NOT_IP},
      {"A-MSDU", with4(wlan(changed(24, 0x80))), {}, PACKET_NOT_IP},
      {"ARP", wlan().next(0x0806).payload(28), {}, PACKET_NOT_IP},
      {"LLC without SNAP", of(105, wlan_header()).data({0x42, 0x42, 3, 0, 0, 0, 0, 0}), {}, PACKET_NOT_IP},
      {"radiotap of version 1", with4(of(127, {1, 0, 8, 0, 0, 0, 0, 0}).data(wlan_header()).snap()), {}, PACKET_NOT_IP},
      {"radiotap of 7 bytes", with4(of(127, {0, 0, 7, 0, 0, 0, 0, 0}).data(wlan_header()).snap()), {}, PACKET_NOT_IP},
      {"radiotap of 65,535 bytes",
       with4(of(127, {0, 0, 255, 255, 0, 0, 0, 0}).data(wlan_header()).snap()),
       {},
       PACKET_TRUNCATED_L2},
      {"radiotap whose words do not end",
       with4(of(127, radiotap_header({0, 0, 0, 0x80}, 8)).data(wlan_header()).snap()),
       {},
       PACKET_NOT_IP},
      {"radiotap whose words go on and on",
       of(127, radiotap_header(Bytes(132, 0x80), 136)).data(wlan_header()),
       {},
       PACKET_NOT_IP},
      {"radiotap without room for its flags",
       with4(of(127, radiotap_header({2, 0, 0, 0}, 8)).data(wlan_header()).snap()),
       {},
       PACKET_NOT_IP},
      {"Prism of an unknown code", with4(of(119, Bytes(144, 1)).data(wlan_header()).snap()), {}, PACKET_NOT_IP},
      {"Prism of 23 bytes", with4(of(119, prism_header(true, 23)).data(wlan_header()).snap()), {}, PACKET_NOT_IP},
      {"Prism of 4 GiB",
       with4(of(119,
                [] {
                  Bytes header = prism_header(true);
                  for (std::size_t at = 4; at < 8; ++at) header[at] = 0xff;
                  return header;
                }())
                 .data(wlan_header())
                 .snap()),
       {},
       PACKET_TRUNCATED_L2},
      {"AVS of version 3", with4(of(163, avs_header(0x80211003)).data(wlan_header()).snap()), {}, PACKET_NOT_IP},
      {"AVS of 7 bytes", with4(of(163, avs_header(0x80211001, 7)).data(wlan_header()).snap()), {}, PACKET_NOT_IP},
      {"AVS of 4 GiB",
       with4(of(163, {0x80, 0x21, 0x10, 1, 255, 255, 255, 255}).data(wlan_header()).snap()),
       {},
       PACKET_TRUNCATED_L2},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseFileLink, FindsThePacketBehindOtherHeaders) {
  const auto relay = [](const Bytes& header) { return of(107, header); };
  const std::vector<ParseCase> cases = {
      {"PPI, Ethernet", with4(of(192, ppi_header(1)).eth(3, 4)), udp4(22).mac(3, 4)},
      {"PPI, 802.11 behind fields", with4(of(192, ppi_header(105, 32)).data(wlan_header()).snap()),
       udp4(64).mac(0x12, 0x13)},
      {"PPI, raw", with6(of(192, ppi_header(101))), udp6(8)},
      {"PKTAP, Ethernet", with4(of(258, pktap_header(1)).eth(3, 4).vlan(5)), udp4(126).mac(3, 4).vlan(5)},
      {"PKTAP, null", with6(of(258, pktap_header(0)).data({30, 0, 0, 0})), udp6(112)},
      {"PKTAP, raw", with4(of(258, pktap_header(12))), udp4(108)},
      {"PKTAP, PPP", with4(of(258, pktap_header(9)).data({0xff, 3, 0, 0x21})), udp4(112)},
      {"PKTAP, cooked", with4(of(258, pktap_header(113)).data(Bytes(14, 0)).data({8, 0})), udp4(124)},
      {"PKTAP, radiotap, a longer header",
       with4(of(258, pktap_header(127, 1, 156)).data(radiotap_header({0, 0, 0, 0}, 8)).data(wlan_header()).snap()),
       udp4(196).mac(0x12, 0x13)},
      {"frame relay, IPv4", with4(relay({0x18, 0x41, 0x03, 0xcc})), udp4(4)},
      {"frame relay, IPv6, three bytes of address", with6(relay({0x18, 0x40, 0x01, 0x03, 0x8e})), udp6(5)},
      {"frame relay, four bytes of address, padding", with4(relay({0x18, 0x40, 0, 0x01, 0x03, 0, 0xcc})), udp4(7)},
      {"frame relay, SNAP", with4(relay({0x18, 0x41, 0x03, 0, 0x80, 0, 0, 0, 8, 0})), udp4(10)},
      {"frame relay, bridged", with4(relay({0x18, 0x41, 0x03, 0, 0x80, 0, 0x80, 0xc2, 0, 7}).eth(3, 4)),
       udp4(24).mac(3, 4)},
      {"frame relay, bridged with check sequence",
       with4(relay({0x18, 0x41, 0x03, 0, 0x80, 0, 0x80, 0xc2, 0, 1}).eth(3, 4)).padding(4), udp4(24).mac(3, 4)},
      {"frame relay, PPP", with6(relay({0x18, 0x41, 0x03, 0xcf, 0, 0x57})), udp6(6)},
      {"frame relay, Cisco", with4(relay({0x18, 0x41, 8, 0})), udp4(4)},
      {"Juniper, Ethernet", with4(of(178, juniper_header(1)).eth(3, 4)), udp4(18).mac(3, 4)},
      {"Juniper, extensions", with6(of(178, juniper_header(0x80, 12)).eth(3, 4)), udp6(32).mac(3, 4)},
      {"Juniper, no Ethernet", with4(of(178, juniper_header(0x02))), udp4(8)},
      {"Juniper, extensions, no Ethernet", with6(of(178, juniper_header(0x82, 6))), udp6(16)},
      {"IPNET, IPv4", with4(of(226, ipnet_header(2))), udp4(24)},
      {"IPNET, IPv6", with6(of(226, ipnet_header(26))), udp6(24)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseFileLink, TakesThePayloadAttributeOfNflog) {
  const Bytes packet = with4(frame().raw()).bytes();
  const Bytes packet6 = with6(frame().raw()).bytes();
  const Bytes kind6 = {0x86, 0xdd, 3, 0};
  const Bytes family4 = {2, 0, 0, 5};
  const auto nflog = [](const Bytes& header, const std::vector<Bytes>& attributes) {
    FrameBuilder builder = of(239, header);
    for (const Bytes& attribute : attributes) builder.data(attribute);
    return builder;
  };
  const std::vector<ParseCase> cases = {
      {"IPv4", nflog(family4, {nflog_attribute(9, packet)}), udp4(8)},
      {"IPv6", nflog({10, 0, 0, 0}, {nflog_attribute(9, packet6)}), udp6(8)},
      {"behind others",
       nflog(family4, {nflog_attribute(1, {8, 0, 3, 0}), nflog_attribute(10, {'x', 0}), nflog_attribute(9, packet)}),
       udp4(24)},
      {"big-endian", nflog(family4, {nflog_attribute(1, {8, 0, 3, 0}, false), nflog_attribute(9, packet, false)}),
       udp4(16)},
      {"a bridge's, by EtherType", nflog({7, 0, 0, 0}, {nflog_attribute(1, kind6), nflog_attribute(9, packet6)}),
       udp6(16)},
      {"by EtherType, which comes too late",
       nflog({7, 0, 0, 0}, {nflog_attribute(9, packet6), nflog_attribute(1, kind6)}),
       {},
       PACKET_NOT_IP},
      {"no payload", nflog(family4, {nflog_attribute(1, {8, 0, 3, 0})}), {}, PACKET_NOT_IP},
      {"nothing at all", nflog(family4, {}), {}, PACKET_NOT_IP},
      {"another version", nflog({2, 1, 0, 0}, {nflog_attribute(9, packet)}), {}, PACKET_NOT_IP},
      {"an attribute without a type",
       nflog(family4, {nflog_attribute(0, {}), nflog_attribute(9, packet)}),
       {},
       PACKET_NOT_IP},
      {"an attribute of neither order", nflog(family4, {nflog_attribute(0x0909, packet)}), {}, PACKET_NOT_IP},
      {"an attribute of 3 bytes",
       nflog(family4, {nflog_attribute(1, {}, true, 3), nflog_attribute(9, packet)}),
       {},
       PACKET_NOT_IP},
      {"the payload's length bounds the packet",
       nflog(family4, {nflog_attribute(9, packet, true, 24)}),
       {},
       PACKET_TRUNCATED_L4},
      {"33 attributes",
       nflog(family4,
             [&] {
               std::vector<Bytes> all(32, nflog_attribute(3, {0, 0, 0, 0}));
               all.push_back(nflog_attribute(9, packet));
               return all;
             }()),
       {},
       PACKET_NOT_IP},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);

  // An offloaded packet without a length has that of its attribute, not of the frame.
  Bytes offloaded = packet;
  offloaded[2] = offloaded[3] = 0;
  check({"offloaded", nflog(family4, {nflog_attribute(9, offloaded), nflog_attribute(3, {0, 0, 0, 0})}), udp4(8)});
}

TEST(ParseFileLink, SaysWhyThereIsNoPacket) {
  const auto relay = [](const Bytes& header) { return with4(of(107, header)); };
  const std::vector<ParseCase> cases = {
      {"PPI of version 1", with4(of(192, {1, 0, 8, 0, 1, 0, 0, 0}).eth()), {}, PACKET_NOT_IP},
      {"PPI of 7 bytes", with4(of(192, ppi_header(1, 7)).eth()), {}, PACKET_NOT_IP},
      {"PPI of 65,535 bytes", with4(of(192, {0, 0, 255, 255, 1, 0, 0, 0}).eth()), {}, PACKET_TRUNCATED_L2},
      {"PPI in PPI", with4(of(192, ppi_header(192)).data(ppi_header(1)).eth()), {}, PACKET_NOT_IP},
      {"PKTAP in PPI", with4(of(192, ppi_header(258)).data(pktap_header(1)).eth()), {}, PACKET_NOT_IP},
      {"PPI of an unknown type", with4(of(192, ppi_header(147))), {}, PACKET_NOT_IP},
      {"PKTAP without a packet", with4(of(258, pktap_header(1, 0)).eth()), {}, PACKET_NOT_IP},
      {"PKTAP of 107 bytes", with4(of(258, pktap_header(1, 1, 107)).eth()), {}, PACKET_NOT_IP},
      {"PKTAP of 4 GiB",
       with4(of(258, {255, 255, 255, 255, 1, 0, 0, 0, 1, 0, 0, 0}).data(Bytes(96, 0)).eth()),
       {},
       PACKET_TRUNCATED_L2},
      {"PKTAP of an unknown type", with4(of(258, pktap_header(0xffffffff))), {}, PACKET_NOT_IP},
      {"frame relay, one byte of address", relay({0x19, 0x03, 0xcc}), {}, PACKET_NOT_IP},
      {"frame relay, an address that does not end", relay({0x18, 0x40, 0, 0, 0x03, 0xcc}), {}, PACKET_NOT_IP},
      {"frame relay, LMI", relay({0, 1, 0x03, 0x08, 0, 0x75}), {}, PACKET_NOT_IP},
      {"frame relay, Cisco without a kind", relay({0x18, 0x41, 5, 0xdc}), {}, PACKET_NOT_IP},
      {"frame relay, SNAP with a length", relay({0x18, 0x41, 0x03, 0x80, 0, 0, 0, 5, 0xdc}), {}, PACKET_NOT_IP},
      {"frame relay, SNAP of a vendor", relay({0x18, 0x41, 0x03, 0x80, 0, 0, 9, 8, 0}), {}, PACKET_NOT_IP},
      {"frame relay, bridged token ring", relay({0x18, 0x41, 0x03, 0x80, 0, 0x80, 0xc2, 0, 9}), {}, PACKET_NOT_IP},
      {"Juniper without its magic number", with4(of(178, {0x4d, 0x47, 0x44, 0}).eth()), {}, PACKET_NOT_IP},
      {"Juniper, neither 4 nor 6", of(178, juniper_header(0x02)).data(Bytes(40, 0x50)), {}, PACKET_NOT_IP},
      {"Juniper, extensions of 65,535 bytes",
       with4(of(178, {0x4d, 0x47, 0x43, 0x80, 255, 255}).eth()),
       {},
       PACKET_TRUNCATED_L2},
      {"IPNET of version 2", with4(of(226, ipnet_header(2, 2))), {}, PACKET_NOT_IP},
      {"IPNET of another family", with4(of(226, ipnet_header(10))), {}, PACKET_NOT_IP},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

}  // namespace
}  // namespace flowgauge::test
