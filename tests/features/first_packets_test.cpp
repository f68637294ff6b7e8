#include <gtest/gtest.h>

#include <cstring>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

using Numbers = std::vector<std::uint64_t>;
using Signed = std::vector<std::int64_t>;

std::vector<fg_value> first(std::uint64_t packets, const char* which) {
  fg_value count{};
  count.u64 = packets;
  fg_value choice{};
  choice.string = {which, std::strlen(which)};
  return {count, choice};
}

TestPacket packet(TestPacket of, std::int64_t at_ns, std::uint32_t length, std::uint32_t payload, std::uint8_t flags) {
  return of.at(at_ns).length(length).payload_length(payload).flags(flags);
}

// A connection with a request of two packets, the second of which was overtaken, and an answer.
std::vector<TestPacket> connection() {
  return {packet(forward(), 0, 60, 0, kSyn),
          packet(backward(), 80'021'000, 60, 0, kSyn | kAck),
          packet(forward(), 80'055'000, 52, 0, kAck),
          packet(forward(), 82'999'999, 1'500, 1'448, kAck),
          packet(forward(), 82'999'000, 252, 200, kPsh | kAck),
          packet(backward(), 83'999'998, 52, 0, kAck),
          packet(backward(), 1'083'999'999, 352, 300, kPsh | kAck)};
}

TEST(FirstPackets, OfAllPackets) {
  FeatureHost host(built_feature("first_packets"), first(30, "all"));
  ASSERT_EQ(host.update(connection()), FG_OK);
  // The older packet has no gap, and the next one counts from the newest.
  const TestRow expected = {
      {"lengths", Numbers{60, 60, 52, 1'500, 252, 52, 352}},
      {"payload_lengths", Numbers{0, 0, 0, 1'448, 200, 0, 300}},
      {"gaps", Numbers{0, 80'021'000, 34'000, 2'944'999, 0, 999'999, 1'000'000'001}},
      {"gaps_ms", Numbers{0, 80, 0, 2, 0, 0, 1'000}},
      {"directions", Signed{1, -1, 1, 1, 1, -1, -1}},
      {"tcp_flags", Numbers{2, 18, 16, 16, 24, 16, 24}},
      {"psh", Numbers{0, 0, 0, 0, 1, 0, 1}},
      {"duration", std::uint64_t{1'083'999'999}},
      {"turns", std::uint64_t{3}},
  };
  EXPECT_EQ(host.row(), expected);
  EXPECT_TRUE(host.canaries_alive());
}

// Packets without payload are not there for it: gaps and turns go from one with payload to the next.
TEST(FirstPackets, OfPacketsWithPayload) {
  FeatureHost host(built_feature("first_packets"), first(30, "payload"));
  ASSERT_EQ(host.update(connection()), FG_OK);
  const TestRow expected = {
      {"lengths", Numbers{1'500, 252, 352}},
      {"payload_lengths", Numbers{1'448, 200, 300}},
      {"gaps", Numbers{0, 0, 1'001'000'000}},
      {"gaps_ms", Numbers{0, 0, 1'001}},
      {"directions", Signed{1, 1, -1}},
      {"tcp_flags", Numbers{16, 24, 24}},
      {"psh", Numbers{0, 1, 1}},
      {"duration", std::uint64_t{1'001'000'000}},
      {"turns", std::uint64_t{1}},
  };
  EXPECT_EQ(host.row(), expected);
}

TEST(FirstPackets, NoPacketFitsAnEmptyList) {
  FeatureHost host(built_feature("first_packets"), first(30, "payload"));
  ASSERT_EQ(host.update({packet(forward(), 0, 60, 0, kSyn), packet(backward(), 1, 60, 0, kRst)}), FG_OK);
  const TestRow expected = {
      {"lengths", Numbers{}}, {"payload_lengths", Numbers{}}, {"gaps", Numbers{}},
      {"gaps_ms", Numbers{}}, {"directions", Signed{}},       {"tcp_flags", Numbers{}},
      {"psh", Numbers{}},     {"duration", std::uint64_t{0}}, {"turns", std::uint64_t{0}},
  };
  EXPECT_EQ(host.row(), expected);
}

TEST(FirstPackets, ThoseBehindTheLastChangeNothing) {
  FeatureHost two(built_feature("first_packets"), first(2, "all"));
  ASSERT_EQ(two.update(connection()), FG_OK);
  const TestRow expected = {
      {"lengths", Numbers{60, 60}}, {"payload_lengths", Numbers{0, 0}},      {"gaps", Numbers{0, 80'021'000}},
      {"gaps_ms", Numbers{0, 80}},  {"directions", Signed{1, -1}},           {"tcp_flags", Numbers{2, 18}},
      {"psh", Numbers{0, 0}},       {"duration", std::uint64_t{80'021'000}}, {"turns", std::uint64_t{1}},
  };
  EXPECT_EQ(two.row(), expected);
}

// Packet i has the length 1000 + i and the flags i, comes i ns after the one before, and every third is an answer.
std::vector<TestPacket> long_flow(std::size_t packets) {
  std::vector<TestPacket> list;
  std::int64_t now_ns = 0;
  for (std::size_t i = 0; i < packets; ++i) {
    now_ns += static_cast<std::int64_t>(i);
    list.push_back(packet(i % 3 == 2 ? backward() : forward(), now_ns, static_cast<std::uint32_t>(1'000 + i),
                          static_cast<std::uint32_t>(i), static_cast<std::uint8_t>(i)));
  }
  return list;
}

TEST(FirstPackets, AsManyAsTheProfileSays) {
  for (const std::size_t most : {1, 29, 30, 31, 254, 255}) {
    FeatureHost host(built_feature("first_packets"), first(most, "all"));
    ASSERT_EQ(host.update(long_flow(300)), FG_OK);
    TestRow expected;
    Numbers lengths, payload_lengths, gaps, flags, psh;
    Signed directions;
    std::uint64_t duration_ns = 0, turns = 0;
    for (std::size_t i = 0; i < most; ++i) {
      lengths.push_back(1'000 + i);
      payload_lengths.push_back(i);
      gaps.push_back(i);
      duration_ns += i;
      directions.push_back(i % 3 == 2 ? -1 : 1);
      turns += i > 0 && i % 3 != 1 ? 1 : 0;  // from 1 to 2, and from 2 to 3
      flags.push_back(i);
      psh.push_back(i / 8 % 2);
    }
    const TestRow row = host.row();
    EXPECT_EQ(row.at("lengths"), Cell(lengths)) << most;
    EXPECT_EQ(row.at("payload_lengths"), Cell(payload_lengths)) << most;
    EXPECT_EQ(row.at("gaps"), Cell(gaps)) << most;
    EXPECT_EQ(row.at("gaps_ms"), Cell(Numbers(most))) << most;
    EXPECT_EQ(row.at("directions"), Cell(directions)) << most;
    EXPECT_EQ(row.at("tcp_flags"), Cell(flags)) << most;
    EXPECT_EQ(row.at("psh"), Cell(psh)) << most;
    EXPECT_EQ(row.at("duration"), Cell(duration_ns)) << most;
    EXPECT_EQ(row.at("turns"), Cell(turns)) << most;
    EXPECT_EQ(host.cut_cells(), 0U);
    EXPECT_TRUE(host.canaries_alive());
  }
}

// The farthest that two timestamps can be apart, and back again.
TEST(FirstPackets, GapsOfAnyTimestamps) {
  constexpr std::int64_t kEndNs = (std::int64_t{1} << 62) - 1;
  FeatureHost host(built_feature("first_packets"), first(30, "all"));
  ASSERT_EQ(host.update({packet(forward(), -kEndNs, 40, 0, 0), packet(forward(), kEndNs, 40, 0, 0),
                         packet(backward(), -kEndNs, 40, 0, 0)}),
            FG_OK);
  EXPECT_EQ(host.row().at("gaps"), Cell(Numbers{0, 2 * static_cast<std::uint64_t>(kEndNs), 0}));
  EXPECT_EQ(host.row().at("directions"), Cell(Signed{1, 1, -1}));
}

TEST(FirstPackets, JumboPacketsKeepTheirLength) {
  FeatureHost host(built_feature("first_packets"), first(1, "all"));
  ASSERT_EQ(host.update({packet(forward(), 0, 4'294'967'295U, 4'294'967'255U, 0)}), FG_OK);
  EXPECT_EQ(host.row().at("lengths"), Cell(Numbers{4'294'967'295U}));
  EXPECT_EQ(host.row().at("payload_lengths"), Cell(Numbers{4'294'967'255U}));
}

}  // namespace
}  // namespace flowgauge::test
