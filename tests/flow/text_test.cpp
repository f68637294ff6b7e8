// Addresses, MACs and Community IDs as text.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/flow/address_text.h"
#include "core/flow/community_id.h"
#include "core/flow/flow_table.h"
#include "tests/support/address.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

std::string round_trip(const char* text) {
  const Address parsed = address(text);
  std::array<char, kAddressTextBytes> out;
  return {out.data(), write_address(out.data(), parsed.bytes.data(), parsed.version)};
}

TEST(AddressText, IsRfc5952) {
  for (const char* text :
       {"0.0.0.0", "255.255.255.255", "10.0.20.199", "::", "::1", "1::", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1", "2001:db8::1:0:0:1", "fe80::1:2:3:4", "1:2:3:4:5:6:7:8",
        "abcd:ef01:2345:6789:abcd:ef01:2345:6789", "::ffff:1.2.3.4", "::102:304", "64:ff9b::102:304", "0:1::"})
    EXPECT_EQ(round_trip(text), text);
}

TEST(AddressText, Mac) {
  const std::array<std::uint8_t, 6> mac = {0x00, 0x1b, 0xFF, 0xa0, 0x09, 0x90};
  std::array<char, kMacTextBytes> out;
  EXPECT_EQ(std::string(out.data(), write_mac(out.data(), mac.data())), "00:1b:ff:a0:09:90");
}

std::string community_id(const packet_event& packet) {
  FlowTable table({});
  EventBlock block;
  block.events = {packet};
  block.frames = {0};
  assign_partitions(block, KeyRule::kFull);
  std::string text;
  table.process(block, [&](const PacketBatch& batch) {
    std::array<char, kCommunityIdBytes> out;
    text.assign(out.data(), write_community_id(out.data(), basic_flow(batch.records[0])));
  });
  return text;
}

// The reference values of the specification's own baseline.
TEST(CommunityId, MatchesTheSpecificationsBaseline) {
  EXPECT_EQ(community_id(event().tcp("128.232.110.120", 34855, "66.35.250.204", 80)), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  EXPECT_EQ(community_id(event().tcp("66.35.250.204", 80, "128.232.110.120", 34855)), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
  EXPECT_EQ(community_id(event().udp("192.168.1.52", 54585, "8.8.8.8", 53)), "1:d/FP5EW3wiY1vCndhwleRRKHowQ=");
  EXPECT_EQ(community_id(event().icmp("192.168.0.89", "192.168.0.1", 8)), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
  EXPECT_EQ(community_id(event().icmp("192.168.0.1", "192.168.0.89", 0)), "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
}

}  // namespace
}  // namespace flowgauge::test
