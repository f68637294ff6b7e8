// What stands in IP and TCP headers beyond the event, by hand.
#include "core/packet/header_fields.h"

#include <gtest/gtest.h>

#include "core/packet/parse/copied.h"
#include "core/packet/parse/parse.h"
#include "tests/support/frame_builder.h"

namespace flowgauge {
namespace {

using test::Bytes;
using test::frame;
using test::FrameBuilder;

struct Found {
  packet_event event{};
  Bytes copied;  // headers and payload
  std::uint32_t header_bytes = 0;
  fg_fields fields{};
};

Found find(const Bytes& bytes, std::uint32_t payload_wanted = 0) {
  const packet_parse_config config = packet_parse_defaults();
  const auto size = static_cast<std::uint32_t>(bytes.size());
  Found found;
  EXPECT_EQ(packet_parse(&config, bytes.data(), size, size, 1, &found.event), PACKET_ACCEPTED);
  std::uint32_t begin = 0;
  const std::uint32_t count = packet_copied_bytes(&found.event, size, payload_wanted, 1, &begin);
  found.copied.assign(bytes.begin() + begin, bytes.begin() + begin + count);
  found.header_bytes = std::min(count, packet_header_bytes(&found.event));
  found.fields = header_fields(found.event, std::span(found.copied).first(found.header_bytes));
  return found;
}

// 20 bytes: MSS 1460, SACK permitted, timestamps 258 and 772, no operation, window scale 7.
const Bytes kSynOptions = {2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 1, 2, 0, 0, 3, 4, 1, 3, 3, 7};

FrameBuilder tcp4(const Bytes& options) {
  FrameBuilder built = frame().eth().ipv4("10.0.0.1", "10.0.0.2").set8(1, 0xb9).id(513).set8(6, 0x40).tcp(1, 2);
  built.options(static_cast<std::uint32_t>(options.size()));
  for (std::size_t i = 0; i < options.size(); ++i) built.set8(20 + i, options[i]);
  return built;
}

TEST(HeaderFields, Ipv4AndTheOptionsOfASyn) {
  const Found found = find(tcp4(kSynOptions).bytes());
  EXPECT_EQ(found.header_bytes, 60U);
  EXPECT_EQ(found.fields.traffic_class >> 2, 46);  // expedited forwarding
  EXPECT_EQ(found.fields.traffic_class & 3, 1);    // ECT(1)
  EXPECT_EQ(found.fields.ip_id, 513U);
  EXPECT_EQ(found.fields.tcp_mss, 1460);
  EXPECT_EQ(found.fields.tcp_window_scale, 7);
  EXPECT_EQ(found.fields.tcp_timestamp, 258U);
  EXPECT_EQ(found.fields.tcp_timestamp_echo, 772U);
  EXPECT_EQ(found.fields.tcp_options, 1U << 1 | 1U << 2 | 1U << 3 | 1U << 4 | 1U << 8);
  EXPECT_EQ(found.fields.present, FG_FIELD_IP_ID | FG_FIELD_DONT_FRAGMENT | FG_FIELD_MSS | FG_FIELD_WINDOW_SCALE |
                                      FG_FIELD_SACK_PERMITTED | FG_FIELD_TIMESTAMPS);
  EXPECT_EQ(found.fields.flow_label, 0U);
}

TEST(HeaderFields, Ipv6) {
  const Bytes bytes =
      frame().eth().ipv6("fd00::1", "fd00::2").set8(0, 0x6b).set8(1, 0x81).set16(2, 515).udp(1, 2).payload(3).bytes();
  const Found found = find(bytes);
  EXPECT_EQ(found.header_bytes, 48U);
  EXPECT_EQ(found.fields.traffic_class, 0xb8);
  EXPECT_EQ(found.fields.flow_label, 0x10203U);
  EXPECT_EQ(found.fields.present, FG_FIELD_FLOW_LABEL);
}

TEST(HeaderFields, AnIpv6FragmentHasAnId) {
  const Found found =
      find(frame().eth().ipv6("fd00::1", "fd00::2").fragment_header(70000, 8, false).udp(1, 2).payload(8).bytes());
  EXPECT_EQ(found.header_bytes, 48U) << "no transport header";
  EXPECT_EQ(found.fields.ip_id, 70000U);
  EXPECT_EQ(found.fields.present, FG_FIELD_FLOW_LABEL | FG_FIELD_IP_ID);
}

TEST(HeaderFields, OptionsThatContradictThemselvesEndTheList) {
  struct Case {
    const char* name;
    Bytes options;
    std::uint64_t kinds;
    unsigned present;
  };
  constexpr unsigned kCut = FG_FIELD_OPTIONS_CUT;
  for (const Case& one :
       {Case{"end", {0, 2, 4, 1}, 1U << 0, 0}, Case{"length 0", {1, 2, 0, 1}, 1U << 1, kCut},
        Case{"length 1", {3, 1, 7, 1}, 0, kCut}, Case{"beyond the header", {1, 1, 2, 4}, 1U << 1, kCut},
        Case{"no room for a length", {1, 1, 1, 3}, 1U << 1, kCut},
        Case{"an MSS of 1 byte has no value", {2, 3, 5, 1}, 1U << 2 | 1U << 1, 0},
        Case{"the later one counts", {3, 3, 1, 3, 3, 9, 0, 0}, 1U << 3 | 1U << 0, FG_FIELD_WINDOW_SCALE},
        Case{"kind 62", {62, 2, 0, 0}, 1ULL << 62 | 1U << 0, 0},
        Case{"kinds above it", {254, 4, 1, 2}, 1ULL << 63, 0}}) {
    const fg_fields fields = find(tcp4(one.options).bytes()).fields;
    EXPECT_EQ(fields.tcp_options, one.kinds) << one.name;
    EXPECT_EQ(fields.present, FG_FIELD_IP_ID | FG_FIELD_DONT_FRAGMENT | one.present) << one.name;
    EXPECT_EQ(fields.tcp_window_scale, one.present == FG_FIELD_WINDOW_SCALE ? 9 : 0) << one.name;
  }
}

TEST(HeaderFields, OptionsThatTheFrameCuts) {
  Bytes bytes = tcp4(kSynOptions).bytes();
  bytes.resize(14 + 20 + 20 + 6);
  const Found found = find(bytes);
  EXPECT_EQ(found.header_bytes, 46U);
  EXPECT_EQ(found.fields.tcp_mss, 1460);
  EXPECT_EQ(found.fields.tcp_options, 1U << 2 | 1U << 4);
  EXPECT_TRUE((found.fields.present & FG_FIELD_OPTIONS_CUT) != 0);
}

TEST(HeaderFields, HeadersStandBeforeThePayload) {
  const Bytes bytes = tcp4({}).payload(9).bytes();
  const Found found = find(bytes, 4);
  EXPECT_EQ(found.header_bytes, 40U);
  EXPECT_EQ(found.copied, Bytes(bytes.begin() + 14, bytes.begin() + 14 + 44));
}

TEST(HeaderFields, OfTheInnermostPacket) {
  const Bytes bytes = frame()
                          .eth()
                          .ipv4("10.0.0.1", "10.0.0.2")
                          .set8(1, 4)
                          .gre()
                          .ipv4("10.1.0.1", "10.1.0.2")
                          .set8(1, 8)
                          .udp(1, 2)
                          .bytes();
  EXPECT_EQ(find(bytes).fields.traffic_class, 8);
}

TEST(HeaderFields, HeadersThatAreTooLongAreNotCopied) {
  FrameBuilder built = frame().eth().ipv6("fd00::1", "fd00::2");
  built.extension(0, 2000).udp(1, 2).payload(4);
  EXPECT_EQ(find(built.bytes()).header_bytes, 2048U);
  FrameBuilder longer = frame().eth().ipv6("fd00::1", "fd00::2");
  longer.extension(0, 2008).udp(1, 2).payload(4);
  const Found found = find(longer.bytes(), 4);
  EXPECT_EQ(found.header_bytes, 0U);
  EXPECT_EQ(found.copied, (Bytes{0, 1, 2, 3}));
  EXPECT_EQ(found.fields.present, 0U);
}

TEST(HeaderFields, ADccpHeaderOfUnknownLengthIsNotCopied) {
  const Found found = find(frame().eth().ipv4("10.0.0.1", "10.0.0.2").dccp(1, 2, 64).payload(4).bytes());
  EXPECT_EQ(found.header_bytes, 0U);
}

}  // namespace
}  // namespace flowgauge
