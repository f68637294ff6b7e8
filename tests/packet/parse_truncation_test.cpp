// Frames that end early: which byte decides, and that no byte beyond is ever read.
#include <array>
#include <vector>

#include "tests/packet/parse_case.h"
#include "tests/support/link_frames.h"
#include "tests/support/sample_frames.h"

namespace flowgauge::test {
namespace {

// From `first` captured bytes on, the reason is `reason`.
struct Boundary {
  std::size_t first;
  packet_reason reason;
};

struct TruncationCase {
  std::string name;
  FrameBuilder frame;
  std::vector<Boundary> boundaries;
};

TEST(ParseTruncation, EachBoundaryHasItsReason) {
  const std::vector<TruncationCase> cases = {
      {"ethernet, tcp",
       frame().eth().ipv4(kA, kB).tcp(1, 2).options(8).payload(4),
       {{0, PACKET_TRUNCATED_L2}, {14, PACKET_TRUNCATED_L3}, {34, PACKET_TRUNCATED_L4}, {54, PACKET_ACCEPTED}}},
      {"tags, ipv4 options, udp",
       frame().eth().vlan(1).vlan(2).ipv4(kA, kB).options(8).udp(1, 2),
       {{0, PACKET_TRUNCATED_L2}, {22, PACKET_TRUNCATED_L3}, {50, PACKET_TRUNCATED_L4}, {58, PACKET_ACCEPTED}}},
      {"labels, ipv6, extension, icmpv6",
       frame().eth().mpls(1).mpls(2).ipv6(kA6, kB6).extension(60, 16).icmp6(128, 0),
       {{0, PACKET_TRUNCATED_L2}, {23, PACKET_TRUNCATED_L3}, {78, PACKET_TRUNCATED_L4}, {82, PACKET_ACCEPTED}}},
      {"pppoe, fragment header, sctp",
       frame().eth().pppoe().ipv6(kA6, kB6).fragment_header(1, 0, true).sctp(1, 2),
       {{0, PACKET_TRUNCATED_L2}, {22, PACKET_TRUNCATED_L3}, {70, PACKET_TRUNCATED_L4}, {82, PACKET_ACCEPTED}}},
      {"dccp",
       frame().eth().ipv4(kA, kB).dccp(1, 2).payload(4),
       {{0, PACKET_TRUNCATED_L2}, {14, PACKET_TRUNCATED_L3}, {34, PACKET_TRUNCATED_L4}, {46, PACKET_ACCEPTED}}},
      {"udplite",
       frame().eth().ipv6(kA6, kB6).udplite(1, 2).payload(4),
       {{0, PACKET_TRUNCATED_L2}, {14, PACKET_TRUNCATED_L3}, {54, PACKET_TRUNCATED_L4}, {62, PACKET_ACCEPTED}}},
      {"snap",
       frame().eth_snap().ipv4(kA, kB).other(89),  // without all of SNAP it is some 802.3 frame
       {{0, PACKET_TRUNCATED_L2}, {14, PACKET_NOT_IP}, {22, PACKET_TRUNCATED_L3}, {42, PACKET_ACCEPTED}}},
      {"linux cooked",
       frame().sll().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {16, PACKET_TRUNCATED_L3}, {36, PACKET_ACCEPTED}}},
      {"linux cooked v2",
       frame().sll2().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {20, PACKET_TRUNCATED_L3}, {40, PACKET_ACCEPTED}}},
      {"raw",
       frame().raw().ipv6(kA6, kB6).other(59),
       {{0, PACKET_TRUNCATED_L2}, {1, PACKET_TRUNCATED_L3}, {40, PACKET_ACCEPTED}}},
      {"null",
       frame().null_loopback(2).ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {4, PACKET_TRUNCATED_L3}, {24, PACKET_ACCEPTED}}},
      {"ppp",
       frame().ppp().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {4, PACKET_TRUNCATED_L3}, {24, PACKET_ACCEPTED}}},
      {"ppp, shortest",
       frame().ppp(9, false, true).ipv4(kA, kB).other(89),  // the type asks for 2 bytes
       {{0, PACKET_TRUNCATED_L2}, {2, PACKET_TRUNCATED_L3}, {21, PACKET_ACCEPTED}}},
      {"hdlc",
       frame().hdlc().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {4, PACKET_TRUNCATED_L3}, {24, PACKET_ACCEPTED}}},
      {"cisco metadata, vn-tag, e-tag",
       frame().eth().cisco_metadata().vn_tag().e_tag().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {36, PACKET_TRUNCATED_L3}, {56, PACKET_ACCEPTED}}},
      {"fabric path, backbone bridge",
       frame().eth().fabric_path().eth().pbb().eth().vlan(5).ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {52, PACKET_TRUNCATED_L3}, {72, PACKET_ACCEPTED}}},
      {"service header: its metadata may be cut off, the packet not",
       frame().eth().nsh().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {22, PACKET_TRUNCATED_L3}, {58, PACKET_ACCEPTED}}},
      {"service header with a frame",
       frame().eth().nsh(2, 2).eth().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {36, PACKET_TRUNCATED_L3}, {56, PACKET_ACCEPTED}}},
      {"macsec",
       frame().eth().macsec(true).ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {30, PACKET_TRUNCATED_L3}, {50, PACKET_ACCEPTED}}},
      {"pseudowire",
       frame().eth().mpls(1).eth().ipv4(kA, kB).other(89),  // without all of its Ethernet header nothing tells it
       {{0, PACKET_TRUNCATED_L2}, {19, PACKET_NOT_IP}, {32, PACKET_TRUNCATED_L3}, {52, PACKET_ACCEPTED}}},
      {"pseudowire with control word",
       frame().eth().mpls(1).control_word().eth().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {19, PACKET_NOT_IP}, {36, PACKET_TRUNCATED_L3}, {56, PACKET_ACCEPTED}}},
      {"802.11, four addresses, QoS",
       frame().raw(105).data(wlan_header(0x88, 3)).snap().ipv4(kA, kB).other(89),
       // Without all of SNAP it is some other LLC frame.
       {{0, PACKET_TRUNCATED_L2}, {32, PACKET_NOT_IP}, {40, PACKET_TRUNCATED_L3}, {60, PACKET_ACCEPTED}}},
      {"radiotap with flags",
       frame().raw(127).data(radiotap_header({2, 0, 0, 0}, 9)).data(wlan_header()).snap().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {33, PACKET_NOT_IP}, {41, PACKET_TRUNCATED_L3}, {61, PACKET_ACCEPTED}}},
      {"a beacon, which two bytes tell",
       frame().raw(105).data(wlan_header(0x80)),
       {{0, PACKET_TRUNCATED_L2}, {2, PACKET_NOT_IP}}},
      {"ppi",
       frame().raw(192).data(ppi_header(101, 12)).ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {13, PACKET_TRUNCATED_L3}, {32, PACKET_ACCEPTED}}},
      {"pktap",
       frame().raw(258).data(pktap_header(1)).eth().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {122, PACKET_TRUNCATED_L3}, {142, PACKET_ACCEPTED}}},
      {"frame relay",
       frame().raw(107).data({0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0}).ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {10, PACKET_TRUNCATED_L3}, {30, PACKET_ACCEPTED}}},
      {"juniper",
       frame().raw(178).data(juniper_header(0x80, 4)).eth().ipv4(kA, kB).other(89),
       {{0, PACKET_TRUNCATED_L2}, {24, PACKET_TRUNCATED_L3}, {44, PACKET_ACCEPTED}}},
      {"ipnet",
       frame().raw(226).data(ipnet_header(26)).ipv6(kA6, kB6).other(59),
       {{0, PACKET_TRUNCATED_L2}, {24, PACKET_TRUNCATED_L3}, {64, PACKET_ACCEPTED}}},
      {"nflog",
       frame()
           .raw(239)
           .data({2, 0, 0, 0})
           .data(nflog_attribute(1, {8, 0, 3, 0}))
           .data({24, 0, 9, 0})
           .ipv4(kA, kB)
           .other(89),
       {{0, PACKET_TRUNCATED_L2}, {16, PACKET_TRUNCATED_L3}, {36, PACKET_ACCEPTED}}},
      {"later fragment",
       frame().eth().ipv4(kA, kB).fragment(8, false).other(6).payload(9),
       {{0, PACKET_TRUNCATED_L2}, {14, PACKET_TRUNCATED_L3}, {34, PACKET_ACCEPTED}}},
  };
  for (const TruncationCase& truncation : cases) {
    const Bytes whole = truncation.frame.bytes();
    ASSERT_GE(whole.size(), truncation.boundaries.back().first) << truncation.name;
    for (std::size_t size = 0; size <= whole.size(); ++size) {
      packet_reason expected = PACKET_REASON_COUNT;
      for (const Boundary& boundary : truncation.boundaries) {
        if (size >= boundary.first) expected = boundary.reason;
      }
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const Parsed result =
          parse(cut, truncation.frame.link_type(), packet_parse_defaults(), static_cast<std::uint32_t>(whole.size()));
      EXPECT_EQ(reason_name(result.reason), reason_name(expected)) << truncation.name << ", " << size << " bytes";
    }
  }
}

TEST(ParseTruncation, ASnapLengthChangesNoNumber) {
  packet_parse_config config = packet_parse_defaults();
  config.decapsulate_inner = 0;  // a tunnel whose inner headers are cut off stays closed: another packet
  for (const SampleFrame& sample : sample_frames()) {
    const auto wire_bytes = static_cast<std::uint32_t>(sample.bytes.size());
    const Parsed whole = parse(sample.bytes, sample.link_type, config);
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
      const Bytes cut(sample.bytes.begin(), sample.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      Parsed result = parse(cut, sample.link_type, config, wire_bytes);
      if (result.reason != PACKET_ACCEPTED) continue;
      EXPECT_LE(result.event.payload_offset + result.event.payload_captured_bytes,
                std::max<std::size_t>(size, result.event.payload_offset));
      result.event.payload_captured_bytes = whole.event.payload_captured_bytes;
      // Chunks are no numbers of the packet, and say what they do as far as they were captured.
      result.event.marks &= static_cast<std::uint8_t>(~PACKET_SCTP);
      result.event.marks |= whole.event.marks & PACKET_SCTP;
      if ((whole.event.marks & PACKET_SCTP) == PACKET_SCTP_INIT) result.event.sctp_tag = whole.event.sctp_tag;
      EXPECT_EQ(event_text(result.event), event_text(whole.event)) << sample.name << ", " << size << " bytes";
    }
  }
}

TEST(ParseTruncation, NoCutOfATunnelReadsBeyondIt) {
  for (const SampleFrame& sample : sample_frames()) {
    for (std::size_t size = 0; size < sample.bytes.size(); ++size) {
      const Bytes cut(sample.bytes.begin(), sample.bytes.begin() + static_cast<std::ptrdiff_t>(size));
      const packet_event event = parse(cut, sample.link_type).event;
      EXPECT_LE(event.payload_offset + event.payload_captured_bytes, std::max<std::size_t>(size, event.payload_offset));
    }
  }
}

// With one byte less than the headers inside, the outer packet stands for the frame.
TEST(ParseTruncation, ATunnelIsOpenedFromItsLastHeaderByteOn) {
  const auto inside = [](FrameBuilder outer) { return outer.ipv4(kB, kA).udp(5000, 53).payload(10); };
  const auto over_udp = [](std::uint16_t port) { return frame().eth().ipv4(kA, kB).udp(9, port); };
  const auto over_ip = [] { return frame().eth().ipv4(kA, kB); };
  const std::vector<FrameBuilder> tunnels = {
      over_ip().gre().next(0x88be).eth(),
      over_ip().gre_sequence().erspan2(1).eth(),
      over_ip().gre_sequence().erspan3(1, true).eth(),
      over_ip().gre().mpls(1).control_word().eth(),
      over_ip().gre().nsh(),
      over_ip().pptp(1, true).ppp_header(),
      over_ip().gre().wccp2(),
      over_ip().etherip().eth(),
      over_ip().l2tpv3(1).control_word().eth(),
      over_udp(1701).l2tp(1, 2, 0x4b00).ppp_header(),
      over_udp(6635).mpls(1).mpls(2),
      over_udp(4790).vxlan_gpe(1).nsh().eth(),
      over_udp(6080).gue(2).gre_full(5),
      over_udp(6080).gue(0).etherip().eth(),
      over_udp(4341).lisp_gpe(1).eth(),
      over_udp(5247).capwap(5).eth(),
      over_udp(5247).capwap_wireless(true, true, true).snap(),
  };
  for (std::size_t index = 0; index < tunnels.size(); ++index) {
    const Bytes whole = inside(tunnels[index]).bytes();
    for (std::size_t size = 42; size <= whole.size(); ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      const Parsed result = parse(cut, 1, packet_parse_defaults(), static_cast<std::uint32_t>(whole.size()));
      ASSERT_EQ(result.reason, PACKET_ACCEPTED) << index << ", " << size << " bytes";
      EXPECT_EQ(result.event.tunnel_type != PACKET_TUNNEL_NONE, size + 10 >= whole.size()) << index << ", " << size;
    }
  }
}

TEST(ParseTruncation, CountsThePayloadThatIsThere) {
  const Bytes whole = frame().eth().ipv4(kA, kB).tcp(1, 2).options(12).payload(100).bytes();
  const std::array<std::array<std::uint32_t, 2>, 6> expected = {
      {{54, 0}, {60, 0}, {66, 0}, {67, 1}, {100, 34}, {166, 100}}};
  for (const auto& [captured, payload] : expected) {
    const Parsed result = parse({whole.begin(), whole.begin() + captured}, 1, packet_parse_defaults(), 166);
    EXPECT_EQ(result.event.payload_offset, 66) << captured;
    EXPECT_EQ(result.event.payload_captured_bytes, payload) << captured;
    EXPECT_EQ(result.event.payload_length_bytes, 100U) << captured;
  }
}

TEST(ParseTruncation, HeadersBeyondTheGreatestOffsetCountAsCutOff) {
  // Only extension headers of 2,048 bytes reach so far: each packet here takes 40 + 8 * 2,048 = 16,424 bytes.
  FrameBuilder far = frame().raw();
  for (int layer = 0; layer < 5; ++layer) {
    far.ipv6(kA6, kB6);
    for (int i = 0; i < 8; ++i) far.extension(60, 2048);
  }
  const Bytes bytes = far.udp(1, 2).bytes();
  ASSERT_EQ(bytes.size(), 5 * 16424 + 8U);
  const Parsed result = parse(bytes, 101);
  // The last header of the fourth packet begins at 63,648; the fifth packet, at 65,696, is not opened, and
  // neither does the payload's place fit into its 16 bits.
  EXPECT_EQ(result.reason, PACKET_ACCEPTED);
  EXPECT_EQ(result.event.ip_protocol, 41);
  EXPECT_EQ(result.event.tunnel_type, PACKET_TUNNEL_IP6IN6);
  EXPECT_EQ(result.event.l3_header_bytes, 16424);
  EXPECT_EQ(result.event.ip_length_bytes, 2 * 16424 + 8U);
  EXPECT_EQ(result.event.payload_length_bytes, 16424 + 8U);
  EXPECT_EQ(result.event.payload_offset, 0);
  EXPECT_EQ(result.event.payload_captured_bytes, 0U);
}

}  // namespace
}  // namespace flowgauge::test
