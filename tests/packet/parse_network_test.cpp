// IP and transport headers: lengths, fragments, extension headers, protocols.
#include <vector>

#include "tests/packet/parse_case.h"

namespace flowgauge::test {
namespace {

TEST(ParseNetwork, ReadsEachTransportHeader) {
  const std::vector<ParseCase> cases = {
      {"TCP", eth4().ttl(3).tcp(1234, 80).flags("SAEC").seq(0xfffffffe).ack(0x80000001).window(65535).payload(10),
       event()
           .tcp(kA, 1234, kB, 80)
           .flags("SAEC")
           .seq(0xfffffffe)
           .ack(0x80000001)
           .window(65535)
           .payload(10)
           .ttl(3)
           .payload_at(54, 10)
           .mac(1, 2)},
      {"TCP with options", eth6().tcp(65535, 1).flags("FRPU").options(40).payload(2),
       event().tcp(kA6, 65535, kB6, 1).flags("FRPU").l4_header(60).payload(2).payload_at(114, 2).mac(1, 2)},
      // The data offset is kept as sent; the payload begins behind at least 20 bytes.
      {"TCP with data offset 2", eth4().tcp(1, 2).set8(12, 0x20).payload(9),
       event().tcp(kA, 1, kB, 2).payload(9).l4_header(8).ip_length(49).payload_at(54, 9).mac(1, 2)},
      {"TCP with a data offset beyond the packet", eth4().tcp(1, 2).set8(12, 0xf0).payload(9),
       event().tcp(kA, 1, kB, 2).l4_header(60).ip_length(49).payload_at(94, 0).mac(1, 2)},
      {"UDP", eth6().udp(5353, 5353).payload(100),
       event().udp(kA6, 5353, kB6, 5353).payload(100).payload_at(62, 100).mac(1, 2)},
      {"UDP whose own length lies", eth4().udp(1, 2).length(60000).payload(7),
       event().udp(kA, 1, kB, 2).payload(7).payload_at(42, 7).mac(1, 2)},
      {"ICMP", eth4().icmp(11, 1).payload(28), event().icmp(kA, kB, 11, 1).payload(28).payload_at(42, 28).mac(1, 2)},
      {"ICMP of 4 bytes", eth4().other(1).data({8, 3, 0, 0}),
       event().icmp(kA, kB, 8, 3).ip_length(24).payload_at(42, 0).mac(1, 2)},
      {"ICMPv6", eth6().icmp6(135, 0).payload(24),
       event().icmp(kA6, kB6, 135).payload(24).payload_at(62, 24).mac(1, 2)},
      {"ICMPv6 over IPv4", eth4().icmp6(1, 2), event().icmp(kA, kB, 1, 2).protocol(58).payload_at(42, 0).mac(1, 2)},
      {"SCTP", eth4().sctp(2905, 2906).payload(20),
       event().ip(kA, kB, 132).ports(2905, 2906).l4_header(12).payload(20).payload_at(46, 20).mac(1, 2)},
      {"UDP-Lite", eth4().udplite(4000, 5000).payload(20),
       event().ip(kA, kB, 136).ports(4000, 5000).l4_header(8).payload(20).payload_at(42, 20).mac(1, 2)},
      {"UDP-Lite whose checksum covers the header alone", eth6().udplite(4000, 5000).set16(4, 8).payload(20),
       event().ip(kA6, kB6, 136).ports(4000, 5000).l4_header(8).payload(20).payload_at(62, 20).mac(1, 2)},
      {"DCCP", eth4().dccp(4000, 5001).payload(20),
       event().ip(kA, kB, 33).ports(4000, 5001).l4_header(16).payload(20).payload_at(50, 20).mac(1, 2)},
      {"DCCP with a data offset below the header", eth4().dccp(4000, 5001, 3).set8(4, 2).payload(9),
       event().ip(kA, kB, 33).ports(4000, 5001).l4_header(8).payload(9).ip_length(41).payload_at(46, 9).mac(1, 2)},
      {"DCCP with a data offset beyond the packet", eth4().dccp(4000, 5001).set8(4, 20).payload(9),
       event().ip(kA, kB, 33).ports(4000, 5001).l4_header(80).ip_length(45).payload_at(114, 0).mac(1, 2)},
      // Options of up to 1,008 bytes: more than the header length of an event holds, and the payload is right.
      {"DCCP with the longest header", eth6().dccp(4000, 5001, 255).payload(7),
       event()
           .ip(kA6, kB6, 33)
           .ports(4000, 5001)
           .l4_header(255)
           .payload(7)
           .ip_length(1067)
           .payload_at(1074, 7)
           .mac(1, 2)},
      {"ESP", eth6().other(50).payload(32), event().ip(kA6, kB6, 50).payload(32).payload_at(54, 32).mac(1, 2)},
      {"OSPF", eth4().other(89).payload(44), event().ip(kA, kB, 89).payload(44).payload_at(34, 44).mac(1, 2)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseNetwork, ReadsWhatChunksSayOfAnAssociation) {
  const auto sctp = [] { return eth4().sctp(1, 2).set16(4, 1).set16(6, 2); };  // verification tag 65,538
  const auto says = [](std::uint32_t payload) {
    return event().sctp(kA, 1, kB, 2).tag(65538).payload(payload).payload_at(46, payload).mac(1, 2);
  };
  FrameBuilder seven = sctp();
  for (int chunk = 0; chunk < 7; ++chunk) seven.chunk(3);
  const std::vector<ParseCase> cases = {
      {"no chunk", sctp(), says(0)},
      {"data", sctp().chunk(0, 99), says(8)},
      {"INIT", sctp().chunk(1, 99), says(8).init(99)},
      {"INIT behind another", sctp().chunk(3).chunk(1, 99), says(16)},
      {"INIT whose tag is cut", sctp().data({1, 0, 0, 20, 9, 9, 9}), says(7)},
      {"INIT ACK", sctp().chunk(2, 99), says(8)},
      {"ABORT", sctp().chunk(6), says(8).abort()},
      {"ABORT behind others", sctp().chunk(3).chunk(9).chunk(6), says(24).abort()},
      {"ABORT as the eighth", FrameBuilder(seven).chunk(6), says(64).abort()},
      {"ABORT as the ninth", FrameBuilder(seven).chunk(3).chunk(6), says(72)},
      {"padding between chunks", sctp().data({9, 0, 0, 5, 1, 0, 0, 0}).chunk(14), says(16).shutdown_complete()},
      {"SHUTDOWN COMPLETE", sctp().chunk(14), says(8).shutdown_complete()},
      {"SHUTDOWN", sctp().chunk(7), says(8)},
      {"a chunk without a length", sctp().chunk(3).set16(2, 3).chunk(6), says(16)},
      {"a chunk longer than the packet", sctp().chunk(3).set16(2, 999).chunk(6), says(16)},
      {"a first fragment has a number there", eth4().id(7).fragment(0, true).sctp(1, 2).set16(6, 5).chunk(1, 99),
       event().sctp(kA, 1, kB, 2).payload(8).first_fragment(7).payload_at(46, 8).mac(1, 2)},
      {"and may end one", eth4().id(7).fragment(0, true).sctp(1, 2).set16(6, 5).chunk(6),
       event().sctp(kA, 1, kB, 2).payload(8).first_fragment(7).abort().payload_at(46, 8).mac(1, 2)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseNetwork, UdpEndsWhereItsLengthSays) {
  const auto whole = [](std::uint32_t payload) { return event().udp(kA, 1, kB, 2).payload(payload).mac(1, 2); };
  const auto udp = [](std::uint16_t length) { return eth4().udp(1, 2).length(length).payload(92); };
  const auto ends = [&](std::uint32_t payload) {
    return event().udp(kA, 1, kB, 2).payload(payload).ip_length(120).payload_at(42, payload).mac(1, 2);
  };
  const std::vector<ParseCase> cases = {
      {"no payload", udp(8), ends(0)},
      {"a trailer in the IP packet", udp(28), ends(20)},
      {"one byte less than all", udp(99), ends(91)},
      {"all", udp(100), whole(92).payload_at(42, 92)},
      {"more than there is", udp(101), whole(92).payload_at(42, 92)},
      {"0, as in a jumbogram", udp(0), whole(92).payload_at(42, 92)},
      {"1, which is no length", udp(1), whole(92).payload_at(42, 92)},
      {"7, which is no length", udp(7), whole(92).payload_at(42, 92)},
      {"a first fragment has the length of the datagram",
       eth4().id(7).fragment(0, true).udp(1, 2).length(500).payload(16),
       whole(16).first_fragment(7).payload_at(42, 16)},
      {"a first fragment that holds more than the datagram",
       eth4().id(7).fragment(0, true).udp(1, 2).length(12).payload(16),
       event().udp(kA, 1, kB, 2).payload(4).ip_length(44).first_fragment(7).payload_at(42, 4).mac(1, 2)},
      {"a tunnel does not begin behind the end", eth4().udp(1, 4789).length(8).vxlan(5).eth().ipv4(kA, kB).udp(3, 4),
       event().udp(kA, 1, kB, 4789).ip_length(78).payload_at(42, 0).mac(1, 2)},
      {"nor reaches beyond", eth4().udp(1, 4789).length(30 + 19).vxlan(5).eth().ipv4(kA, kB).udp(3, 4),
       event().udp(kA, 1, kB, 4789).payload(41).ip_length(78).payload_at(42, 41).mac(1, 2)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);

  packet_parse_config by_packet = packet_parse_defaults();
  by_packet.udp_by_packet = 1;
  for (const std::uint16_t length : {0, 7, 8, 28, 99, 100, 101})
    check({"where the IP packet ends", udp(length), whole(92).payload_at(42, 92)}, by_packet);
}

TEST(ParseNetwork, TakesLengthsFromTheHeaders) {
  const std::vector<ParseCase> cases = {
      {"padding never counts", eth4().udp(1, 2).payload(3).padding(15),
       event().udp(kA, 1, kB, 2).payload(3).payload_at(42, 3).mac(1, 2)},
      {"padding never counts, IPv6", eth6().udp(1, 2).padding(8),
       event().udp(kA6, 1, kB6, 2).payload_at(62, 0).mac(1, 2)},
      {"options of IPv4", eth4().options(40).udp(1, 2).payload(3),
       event().udp(kA, 1, kB, 2).l3_header(60).payload(3).payload_at(82, 3).mac(1, 2)},
      {"longer than the frame", eth4().length(1500).udp(1, 2).length(1480).payload(3),
       event().udp(kA, 1, kB, 2).payload(1472).payload_at(42, 3).mac(1, 2)},
      {"longer than the frame, IPv6", eth6().length(65535).udp(1, 2).length(65535).payload(3),
       event().udp(kA6, 1, kB6, 2).payload(65527).payload_at(62, 3).mac(1, 2)},
      {"just the headers", eth4().length(28).udp(1, 2).payload(3),
       event().udp(kA, 1, kB, 2).payload_at(42, 0).mac(1, 2)},
      {"a protocol without header of ours", eth4().length(20).other(89).payload(3),
       event().ip(kA, kB, 89).payload_at(34, 0).mac(1, 2)},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseNetwork, TakesTheWireLengthWhereAnOffloadLeftNone) {
  const packet_parse_config config = packet_parse_defaults();
  // 14 + 20 + 20 + 6 bytes of which a snap length kept 60, on the wire 3014: an IP length of 3000.
  const FrameBuilder zero4 = eth4().length(0).tcp(1, 2).payload(6);
  check({"total length 0", zero4, event().tcp(kA, 1, kB, 2).payload(2960).payload_at(54, 6).mac(1, 2)}, config, 3014);
  const FrameBuilder zero6 = eth6().length(0).tcp(1, 2).payload(6);
  check({"payload length 0", zero6, event().tcp(kA6, 1, kB6, 2).payload(2940).payload_at(74, 6).mac(1, 2)}, config,
        3014);
  check({"padding included", FrameBuilder(zero4).padding(5),
         event().tcp(kA, 1, kB, 2).payload(11).payload_at(54, 11).mac(1, 2)});

  const FrameBuilder any4 = eth4().length(1234).tcp(1, 2).payload(6);
  const FrameBuilder any6 = eth6().length(1234).tcp(1, 2).payload(6);
  check({"65535 fit", any4, event().tcp(kA, 1, kB, 2).payload(1194).payload_at(54, 6).mac(1, 2)}, config, 14 + 65535);
  check({"65536 do not", any4, event().tcp(kA, 1, kB, 2).payload(65496).payload_at(54, 6).mac(1, 2)}, config,
        14 + 65536);
  check({"65575 fit", any6, event().tcp(kA6, 1, kB6, 2).payload(1214).payload_at(74, 6).mac(1, 2)}, config, 14 + 65575);
  check({"65576 do not", any6, event().tcp(kA6, 1, kB6, 2).payload(65516).payload_at(74, 6).mac(1, 2)}, config,
        14 + 65576);
}

TEST(ParseNetwork, ReadsTheJumboOption) {
  const packet_parse_config config = packet_parse_defaults();
  // Payload length 80000 counts the 8 bytes of the hop-by-hop header: 80040 in all, 48 + 20 of them headers.
  const EventBuilder expected = event().tcp(kA6, 1, kB6, 2).l3_header(48).payload(79972).payload_at(82, 4).mac(1, 2);
  check({"jumbo", eth6().jumbo(80000).tcp(1, 2).payload(4), expected}, config, 14 + 80040);
  check({"jumbo is not the wire length", eth6().jumbo(80000).tcp(1, 2).payload(4), expected}, config, 200000);
  // A host's offload: no jumbo payload length, so the wire bytes count.
  check({"option of 0", eth6().jumbo(0).tcp(1, 2).payload(4),
         event().tcp(kA6, 1, kB6, 2).l3_header(48).payload(4).payload_at(82, 4).mac(1, 2)});
  check({"as long as 32 bits go", eth6().jumbo(0xffffffff).tcp(1, 2).payload(4),
         event().tcp(kA6, 1, kB6, 2).l3_header(48).payload(0xffffffff - 68).payload_at(82, 4).mac(1, 2)});
  check({"not where the length is there", eth6().extension(0, 8).set16(2, 0xc204).set16(4, 1).tcp(1, 2).payload(4),
         event().tcp(kA6, 1, kB6, 2).l3_header(48).payload(4).payload_at(82, 4).mac(1, 2)});
  FrameBuilder behind = eth6().length(0).extension(0, 16);
  behind.set16(2, 0x0100).set16(4, 0x0000).set16(6, 0xc204).set16(8, 1).set16(10, 0x86a0);  // PadN, 2 x Pad1, 100000
  check({"behind padding", behind.tcp(1, 2).payload(4),
         event().tcp(kA6, 1, kB6, 2).l3_header(56).payload(100040 - 76).payload_at(90, 4).mac(1, 2)},
        config, 14 + 100040);
}

TEST(ParseNetwork, TakesNoJumboOptionThatItsHeaderCutsOff) {
  // What follows the header reads like the rest of the option: ports 0x0001 and 0x0002, or 0x04.. and so on.
  const EventBuilder expected = event().tcp(kA6, 1, kB6, 2).l3_header(48).payload(4).payload_at(82, 4).mac(1, 2);
  check({"without its number",
         eth6().length(0).extension(0).set16(2, 0).set16(4, 0).set16(6, 0xc204).tcp(1, 2).payload(4), expected});
  EventBuilder port = event().tcp(kA6, 0x0400, kB6, 2).l3_header(48).payload(4).payload_at(82, 4).mac(1, 2);
  check({"without its length",
         eth6().length(0).extension(0).set16(2, 0).set16(4, 0).set16(6, 0x00c2).tcp(0x0400, 2).payload(4), port});
}

TEST(ParseNetwork, SurvivesAWireLengthBelowTheCapturedBytes) {
  const packet_parse_config config = packet_parse_defaults();
  const FrameBuilder zero6 = eth6().length(0).other(59).payload(8);
  check({"in the link layer, IPv4", eth4().length(0).udp(1, 2), {}, PACKET_MALFORMED_IP}, config, 10);
  check({"in the link layer, IPv6", zero6, event().ip(kA6, kB6, 59).ip_length(0).payload_at(54, 0).mac(1, 2)}, config,
        10);
  check({"in the IPv6 header", zero6, event().ip(kA6, kB6, 59).ip_length(30).payload_at(54, 0).mac(1, 2)}, config, 44);
  check({"in the transport header", eth6().length(0).udp(1, 2), {}, PACKET_TRUNCATED_L4}, config, 61);
}

TEST(ParseNetwork, RefusesMalformedHeaders) {
  const std::vector<ParseCase> cases = {
      {"IPv4 said, version 6", eth4().set8(0, 0x65).udp(1, 2), {}, PACKET_MALFORMED_IP},
      {"IPv6 said, version 4", eth6().set8(0, 0x45).udp(1, 2), {}, PACKET_MALFORMED_IP},
      {"IHL 4", eth4().set8(0, 0x44).udp(1, 2), {}, PACKET_MALFORMED_IP},
      {"total length 19", eth4().length(19).udp(1, 2), {}, PACKET_MALFORMED_IP},
      {"total length below the options", eth4().options(8).length(27).udp(1, 2), {}, PACKET_MALFORMED_IP},
      {"UDP cut by the total length", eth4().length(27).udp(1, 2), {}, PACKET_TRUNCATED_L4},
      {"TCP cut by the payload length", eth6().length(19).tcp(1, 2), {}, PACKET_TRUNCATED_L4},
      {"ICMP cut by the total length", eth4().length(23).icmp(8, 0), {}, PACKET_TRUNCATED_L4},
      {"UDP-Lite cut by the total length", eth4().length(27).udplite(1, 2), {}, PACKET_TRUNCATED_L4},
      {"DCCP cut by the total length", eth4().length(31).dccp(1, 2), {}, PACKET_TRUNCATED_L4},
      {"SCTP cut by the total length", eth4().length(31).sctp(1, 2), {}, PACKET_TRUNCATED_L4},
      {"extension cut by the payload length", eth6().length(7).extension(60).udp(1, 2), {}, PACKET_TRUNCATED_L3},
      {"extension longer than the packet", eth6().extension(60).set8(1, 3).udp(1, 2), {}, PACKET_TRUNCATED_L3},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseNetwork, SkipsExtensionHeaders) {
  for (const std::uint8_t protocol : {0, 43, 60, 135, 139, 140}) {
    check({"extension " + std::to_string(protocol), eth6().extension(protocol, 24).udp(1, 2).payload(3),
           event().udp(kA6, 1, kB6, 2).l3_header(64).payload(3).payload_at(86, 3).mac(1, 2)});
  }
  check({"AH counts in words of 4", eth6().extension(51, 20).udp(1, 2).payload(3),
         event().udp(kA6, 1, kB6, 2).l3_header(60).payload(3).payload_at(82, 3).mac(1, 2)});
  check({"AH of IPv4 is a protocol", eth4().extension(51, 24).payload(3),
         event().ip(kA, kB, 51).payload(27).payload_at(34, 27).mac(1, 2)});
  check({"ESP ends the walk", eth6().extension(60).other(50).payload(60),
         event().ip(kA6, kB6, 50).l3_header(48).payload(60).payload_at(62, 60).mac(1, 2)});

  FrameBuilder eight = eth6();
  for (int i = 0; i < 8; ++i) eight.extension(i % 2 == 0 ? 60 : 43);
  check({"eight", FrameBuilder(eight).udp(1, 2),
         event().udp(kA6, 1, kB6, 2).l3_header(104).payload_at(126, 0).mac(1, 2)});
  check({"nine", FrameBuilder(eight).extension(60).udp(1, 2), {}, PACKET_TOO_MANY_EXTENSIONS});
  check({"the ninth need not be there", FrameBuilder(eight).other(60), {}, PACKET_TOO_MANY_EXTENSIONS});
}

TEST(ParseNetwork, MarksFragments) {
  const std::vector<ParseCase> cases = {
      {"first, IPv4", eth4().id(7).fragment(0, true).tcp(1, 2).payload(4),
       event().tcp(kA, 1, kB, 2).payload(4).first_fragment(7).payload_at(54, 4).mac(1, 2)},
      {"middle, IPv4", eth4().id(7).fragment(24, true).other(6).payload(40),
       event().ip(kA, kB, 6).payload(40).later_fragment(7).payload_at(34, 40).mac(1, 2)},
      {"last, IPv4, shorter than a transport header", eth4().id(7).fragment(65528, false).other(17).payload(2),
       event().ip(kA, kB, 17).payload(2).later_fragment(7).payload_at(34, 2).mac(1, 2)},
      {"do not fragment", eth4().id(7).set16(6, 0x4000).udp(1, 2),
       event().udp(kA, 1, kB, 2).payload_at(42, 0).mac(1, 2)},
      {"first, IPv6", eth6().fragment_header(0xdeadbeef, 0, true).udp(1, 2).payload(8),
       event().udp(kA6, 1, kB6, 2).l3_header(48).payload(8).first_fragment(0xdeadbeef).payload_at(70, 8).mac(1, 2)},
      {"later, IPv6", eth6().fragment_header(0xdeadbeef, 8, false).other(17).payload(8),
       event().ip(kA6, kB6, 17).l3_header(48).payload(8).later_fragment(0xdeadbeef).payload_at(62, 8).mac(1, 2)},
      {"atomic, IPv6", eth6().fragment_header(5, 0, false).udp(1, 2),
       event().udp(kA6, 1, kB6, 2).l3_header(48).payload_at(70, 0).mac(1, 2)},
      // The key's protocol is the fragment header's next header, the packet's is what comes after all of them.
      {"first with options behind", eth6().fragment_header(5, 0, true).extension(60).udp(1, 2),
       event().udp(kA6, 1, kB6, 2).l3_header(56).first_fragment(5).fragment_protocol(60).payload_at(78, 0).mac(1, 2)},
      {"later with options behind", eth6().fragment_header(5, 8, true).other(60).payload(8),
       event().ip(kA6, kB6, 60).l3_header(48).payload(8).later_fragment(5).payload_at(62, 8).mac(1, 2)},
      {"first behind options", eth6().extension(0).fragment_header(5, 0, true).udp(1, 2),
       event().udp(kA6, 1, kB6, 2).l3_header(56).first_fragment(5).payload_at(78, 0).mac(1, 2)},
      {"first too short for its ports", eth4().id(7).fragment(0, true).other(17).payload(7), {}, PACKET_TRUNCATED_L4},
  };
  for (const ParseCase& parse_case : cases) check(parse_case);
}

TEST(ParseNetwork, DropsFragmentsBeforeProtocols) {
  packet_parse_config config = packet_parse_defaults();
  config.drop_later_fragments = 1;
  packet_accept_no_protocol(&config);
  packet_accept_protocol(&config, 6);
  packet_accept_protocol(&config, 255);
  check({"TCP", eth4().tcp(1, 2), event().tcp(kA, 1, kB, 2).payload_at(54, 0).mac(1, 2)}, config);
  check({"255", eth4().other(255), event().ip(kA, kB, 255).payload_at(34, 0).mac(1, 2)}, config);
  check({"UDP", eth4().udp(1, 2), {}, PACKET_PROTOCOL}, config);
  check({"first fragment of TCP", eth4().fragment(0, true).tcp(1, 2),
         event().tcp(kA, 1, kB, 2).first_fragment(0).payload_at(54, 0).mac(1, 2)},
        config);
  check({"later fragment of TCP", eth4().fragment(8, true).other(6).payload(8), {}, PACKET_FRAGMENT}, config);
  check({"later fragment of UDP", eth4().fragment(8, true).other(17).payload(8), {}, PACKET_FRAGMENT}, config);
  check({"what is cut comes before both", eth4().other(17).payload(7), {}, PACKET_TRUNCATED_L4}, config);
}

}  // namespace
}  // namespace flowgauge::test
