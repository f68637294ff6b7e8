// Which form of a filter that let nothing through would have.
#include "core/ingest/filter_hint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/frame_builder.h"

namespace flowgauge::test {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr int kEthernet = 1;

Frame frame_of(const Bytes& bytes, int link_type) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  return {.bytes = bytes.data(),
          .captured_bytes = size,
          .wire_bytes = size,
          .timestamp_ns = 0,
          .link_type = link_type,
          .interface = 0,
          .timestamp_valid = true};
}

std::string hint(const std::string& expression, const std::vector<Bytes>& frames, int link_type = kEthernet) {
  FilterHint hint(expression);
  for (const Bytes& bytes : frames) hint.look_at(frame_of(bytes, link_type));
  return hint.text().value_or("");
}

Bytes tcp_behind(FrameBuilder builder) { return builder.ipv4("10.0.0.1", "10.0.0.2").tcp(1234, 443).bytes(); }
Bytes tagged() { return tcp_behind(frame().eth().vlan(100)); }

TEST(FilterHint, NamesTheFormThatLooksBehindTags) {
  EXPECT_EQ(hint("tcp port 443", {tagged(), tagged(), tcp_behind(frame().eth().vlan(1).vlan(2))}),
            "filter 'tcp port 443' let no frame through, since libpcap's filters do not look behind tags and labels; "
            "--filter 'vlan and tcp port 443' matches 2 of the first 3 frames");
  struct Case {
    Bytes bytes;
    const char* form;
  };
  for (const Case& one : {Case{tcp_behind(frame().eth().vlan(1).vlan(2)), "vlan and vlan and tcp port 443"},
                          Case{tcp_behind(frame().eth().mpls(7)), "mpls and tcp port 443"},
                          Case{tcp_behind(frame().eth().mpls(7).mpls(8)), "mpls and mpls and tcp port 443"},
                          Case{tcp_behind(frame().eth().pppoe()), "pppoes and tcp port 443"},
                          Case{tcp_behind(frame().eth().vlan(5).pppoe()), "vlan and pppoes and tcp port 443"}}) {
    EXPECT_THAT(hint("tcp port 443", {one.bytes}), HasSubstr(std::string("--filter '") + one.form + "' matches 1 "));
  }
}

TEST(FilterHint, HoldsAnOrTogether) {
  EXPECT_THAT(hint("tcp port 443 or udp", {tagged()}), HasSubstr("--filter 'vlan and (tcp port 443 or udp)'"));
  EXPECT_THAT(hint("udp||tcp", {tagged()}), HasSubstr("--filter 'vlan and (udp||tcp)'"));
}

TEST(FilterHint, SaysThatNoFormLooksIntoTunnels) {
  const auto inside = [](FrameBuilder builder) { return tcp_behind(builder); };
  const std::vector<Bytes> frames = {
      inside(frame().eth().ipv4("1.1.1.1", "2.2.2.2").udp(5, 4789).vxlan(7).eth()),
      inside(frame().eth().vlan(5).ipv4("1.1.1.1", "2.2.2.2").gre()),
      frame().eth().ipv4("1.1.1.1", "2.2.2.2").udp(5, 443).bytes(),
  };
  EXPECT_THAT(hint("tcp port 443", frames),
              HasSubstr("do not look behind tunnels, and it matches the packets inside 2 of the first 3 frames"));
}

TEST(FilterHint, SaysNothingWhereNoFormHelps) {
  EXPECT_EQ(hint("tcp port 80", {tagged()}), "");
  EXPECT_EQ(hint("tcp port 443", {}), "");
  EXPECT_EQ(hint("tcp port 443", {frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(1, 443).bytes()}), "");
  EXPECT_EQ(hint("vlan and tcp port 443", {tagged(), Bytes(3)}, 113), "") << "no tags there";
}

TEST(FilterHint, LooksAtABoundedNumberOfFrames) {
  FilterHint hint("tcp port 443");
  const Bytes bytes = tagged();
  for (std::uint64_t i = 0; i < FilterHint::kMostFrames + 5; ++i) hint.look_at(frame_of(bytes, kEthernet));
  EXPECT_THAT(hint.text().value_or(""), EndsWith("matches 10,000 of the first 10,000 frames"));
}

}  // namespace
}  // namespace flowgauge::test
