#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 bulk_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/bulk.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

using Wide = unsigned __int128;

struct Side {
  double rate = 0;
  SeriesCell packets{}, bytes{}, duration{};
};
TestRow bulks(const Side& fwd, const Side& bwd) {
  return {{"fwd_count", fwd.packets.count}, {"fwd_rate", fwd.rate},         {"fwd_packets", fwd.packets},
          {"fwd_bytes", fwd.bytes},         {"fwd_duration", fwd.duration}, {"bwd_count", bwd.packets.count},
          {"bwd_rate", bwd.rate},           {"bwd_packets", bwd.packets},   {"bwd_bytes", bwd.bytes},
          {"bwd_duration", bwd.duration}};
}

TestPacket data(std::int64_t time_ns, std::uint32_t bytes = 100) { return forward().at(time_ns).payload_length(bytes); }
TestPacket answer(std::int64_t time_ns, std::uint32_t bytes = 100) {
  return backward().at(time_ns).payload_length(bytes);
}

TestRow bulk_of(std::vector<TestPacket> packets) { return row_of("bulk", std::move(packets)); }

// Erratum R1: it is closed by the end of the flow.
TEST(Bulk, FourPacketsAreOne) {
  EXPECT_EQ(bulk_of({data(0, 100), data(100 * kMillisecond, 200), data(200 * kMillisecond, 300),
                     data(500 * kMillisecond, 400)}),
            // 1,000 bytes in 0.5 s
            bulks({2'000, one(4), one(1'000), one(500'000'000)}, {}));
}

TEST(Bulk, ThreePacketsAreNone) { EXPECT_EQ(bulk_of({data(0), data(1), data(2)}), bulks({}, {})); }

TEST(Bulk, OnePacketIsNone) { EXPECT_EQ(bulk_of({answer(0)}), bulks({}, {})); }

TEST(Bulk, TheOtherSideAlone) {
  EXPECT_EQ(bulk_of({answer(0), answer(1'000), answer(2'000), answer(4'000)}),
            // 400 bytes in 4,000 ns: 10^8 a second
            bulks({}, {100'000'000, one(4), one(400), one(4'000)}));
}

TEST(Bulk, PayloadOfTheOtherDirectionEndsIt) {
  // 4 and 5 forward, 3 backward between them
  EXPECT_EQ(bulk_of({data(0), data(10), data(20), data(30), answer(40), answer(50), answer(60), data(70), data(80),
                     data(90), data(100), data(110)}),
            // durations 30 and 40 ns: 70; 900 + 1,600. Packets 4 + 5; 16 + 25. Bytes 400 + 500; 160,000 + 250,000.
            // 900 bytes in 70 ns
            bulks({900 * 1e9 / 70, SeriesCell{2, 9, 41, 4, 5}, SeriesCell{2, 900, 410'000, 400, 500},
                   SeriesCell{2, 70, 2'500, 30, 40}},
                  {}));
}

TEST(Bulk, OnePayloadPacketOfTheOtherDirectionIsEnough) {
  EXPECT_EQ(bulk_of({data(0), data(1), data(2), answer(3), data(4), data(5), data(6)}), bulks({}, {}));
}

TEST(Bulk, BothDirections) {
  EXPECT_EQ(bulk_of({data(0, 1), data(1, 1), data(2, 1), data(4, 1), answer(10, 2), answer(20, 2), answer(30, 2),
                     answer(40, 2), answer(42, 8)}),
            // 4 bytes in 4 ns: 10^9 a second; 16 bytes in 32 ns: half of that
            bulks({1e9, one(4), one(4), one(4)}, {5e8, one(5), one(16), one(32)}));
}

TEST(Bulk, AGapOfExactlyASecondIsWithin) {
  EXPECT_EQ(bulk_of({data(0), data(kSecond), data(2 * kSecond), data(3 * kSecond)}),
            // 400 bytes in 3 s; 9 * 10^18
            bulks({400.0 / 3, one(4), one(400), one(3 * kSecond)}, {}));
}

// Erratum R13: nanoseconds, not whole milliseconds.
TEST(Bulk, ANanosecondMoreEndsIt) {
  EXPECT_EQ(bulk_of({data(0), data(1), data(2), data(kSecond + 3)}), bulks({}, {}));
  EXPECT_EQ(bulk_of({data(0), data(1), data(2), data(3), data(kSecond + 4), data(kSecond + 5), data(kSecond + 6)}),
            // 400 bytes in 3 ns
            bulks({400 * 1e9 / 3, one(4), one(400), one(3)}, {}));
}

// Erratum R2: a packet without payload neither counts nor ends anything, nor does it bridge a gap.
TEST(Bulk, PacketsWithoutPayloadAreNotThere) {
  EXPECT_EQ(bulk_of({data(0), backward().at(1).flags(kAck), data(2), forward().at(3).flags(kAck), data(4), data(5)}),
            // 400 bytes in 5 ns
            bulks({8e10, one(4), one(400), one(5)}, {}));
  EXPECT_EQ(bulk_of({forward().at(0), forward().at(1), forward().at(2), forward().at(3)}), bulks({}, {}));
  EXPECT_EQ(bulk_of({data(0), data(1), forward().at(kSecond), data(kSecond + 2), data(kSecond + 3)}), bulks({}, {}));
  // and what comes without payload after the last does not prolong it
  EXPECT_EQ(bulk_of({data(0), data(1), data(2), data(4), forward().at(100).flags(kFin | kAck)}),
            bulks({1e11, one(4), one(400), one(4)}, {}));
}

// Erratum R2: payload, not IP length.
TEST(Bulk, BytesArePayload) {
  EXPECT_EQ(bulk_of({data(0, 1).length(53), data(1, 1).length(53), data(2, 1).length(53), data(4, 1).length(53)}),
            bulks({1e9, one(4), one(4), one(4)}, {}));
}

// Erratum R2b: bytes per second, and 0 for no duration.
TEST(Bulk, EqualTimestampsAreABulkWithoutARate) {
  EXPECT_EQ(bulk_of({data(0), data(0), data(0), data(0)}), bulks({0, one(4), one(400), one(0)}, {}));
}

TEST(Bulk, TheRateIsOfAllBulksTogether) {
  // 400 bytes in no time, a pause of 2 s, 600 bytes in 0.5 s: 1,000 bytes in 0.5 s
  EXPECT_EQ(bulk_of({data(0), data(0), data(0), data(0), data(2 * kSecond, 150), data(2 * kSecond, 150),
                     data(2 * kSecond, 150), data(2 * kSecond + kSecond / 2, 150)}),
            bulks({2'000, SeriesCell{2, 8, 32, 4, 4}, SeriesCell{2, 1'000, 520'000, 400, 600},
                   SeriesCell{2, kSecond / 2, Wide{250'000'000'000'000'000U}, 0, kSecond / 2}},
                  {}));
}

// Gaps count from the greatest timestamp so far; a bulk begins with the packet that began it.
TEST(Bulk, OutOfOrder) {
  const std::int64_t half = kSecond / 2;
  // half a second, -1, then exactly a second after the greatest: 1.5 s from the first to the greatest
  EXPECT_EQ(bulk_of({data(0), data(half), data(-1), data(half + kSecond)}),
            // 400 bytes in 1.5 s
            bulks({400 / 1.5, one(4), one(400), one(half + kSecond)}, {}));
  EXPECT_EQ(bulk_of({data(0), data(half), data(-1), data(half + kSecond + 1)}), bulks({}, {}));
  EXPECT_EQ(bulk_of({data(0), data(-10), data(-20), data(-30)}), bulks({0, one(4), one(400), one(0)}, {}));
}

// A payload packet of the other direction ends a bulk however old it is.
TEST(Bulk, OutOfOrderOfTheOtherDirection) {
  EXPECT_EQ(bulk_of({data(0), data(100), answer(-50), data(200), data(300)}), bulks({}, {}));
}

TEST(Bulk, AnyProtocolAndLaterFragmentsToo) {
  EXPECT_EQ(bulk_of({data(0, 1'472).protocol(17).mark(FG_MARK_FIRST_FRAGMENT),
                     data(1, 1'480).protocol(17).mark(FG_MARK_LATER_FRAGMENT),
                     data(2, 1'480).protocol(17).mark(FG_MARK_LATER_FRAGMENT),
                     data(4, 568).protocol(17).mark(FG_MARK_LATER_FRAGMENT)}),
            // 1,472 + 1,480 + 1,480 + 568 = 5,000 bytes in 4 ns
            bulks({1.25e12, one(4), one(5'000), one(4)}, {}));
}

// A snapshot closes the open bulk for itself alone: it goes on, and is counted once.
TEST(Bulk, SnapshotsLeaveItOpen) {
  FeatureHost host(built_feature("bulk"));
  ASSERT_EQ(host.update({data(0), data(1), data(2)}), FG_OK);
  EXPECT_EQ(host.row(), bulks({}, {}));
  ASSERT_EQ(host.update({data(4)}), FG_OK);
  EXPECT_EQ(host.row(), bulks({1e11, one(4), one(400), one(4)}, {}));
  ASSERT_EQ(host.update({data(10)}), FG_OK);
  const TestRow five = bulks({5e10, one(5), one(500), one(10)}, {});
  EXPECT_EQ(host.row(), five);
  ASSERT_EQ(host.update({answer(11)}), FG_OK);
  EXPECT_EQ(host.row(), five);
}

TEST(Bulk, FlowsInOneBatchDoNotMix) {
  std::vector<TestPacket> packets;
  for (std::int64_t i = 0; i < 4; ++i) {
    packets.push_back(data(2 * i).of(0));
    packets.push_back(answer(4 * i).of(1));
    if (i < 3) packets.push_back(data(i).of(2));
  }
  FeatureHost host(built_feature("bulk"));
  ASSERT_EQ(host.update(packets), FG_OK);
  EXPECT_THAT(host.emit(), testing::ElementsAre(bulks({400 * 1e9 / 6, one(4), one(400), one(6)}, {}),
                                                bulks({}, {400 * 1e9 / 12, one(4), one(400), one(12)}), bulks({}, {})));
}

// 2^33 packets: 2^66 is the square. The count of bulks goes on above 2^32.
TEST(Bulk, CountsGoOnAbove32Bits) {
  FeatureHost host(built_feature("bulk"));
  ASSERT_EQ(host.update({data(0), data(0), data(0), data(0)}), FG_OK);
  auto& state = host.state_as<::Bulk>(0);
  state.open.packets = (std::uint64_t{1} << 33) - 1;
  ASSERT_EQ(host.update({data(0), answer(0)}), FG_OK);
  EXPECT_EQ(host.row().at("fwd_packets"), Cell(one(std::int64_t{1} << 33)));

  (*state.ended.get())[0].packets.count = 0xffff'ffff;
  ASSERT_EQ(host.update({data(0), data(0), data(0), data(0), answer(0)}), FG_OK);
  const TestRow row = host.row();
  EXPECT_EQ(row.at("fwd_count"), Cell(std::uint64_t{0x1'0000'0000}));
  EXPECT_EQ(std::get<SeriesCell>(row.at("fwd_duration")).count, 0x1'0000'0000U);
  // 2^66 + 4^2
  EXPECT_EQ(row.at("fwd_packets"), Cell(SeriesCell{0x1'0000'0000U, (std::int64_t{1} << 33) + 4, (Wide{1} << 66) + 16, 4,
                                                   std::int64_t{1} << 33}));
}

// A bulk for which a direction's series has no room is left out of all of them; one that fills it is not.
TEST(Bulk, NothingWrapsHoweverManyPackets) {
  constexpr std::int64_t most = (std::int64_t{1} << 42) - 1;
  FeatureHost host(built_feature("bulk"));
  const auto bulk_of = [&](std::int64_t packets) {
    EXPECT_EQ(host.update({data(0), data(0), data(0)}), FG_OK);
    host.state_as<::Bulk>(0).open.packets = static_cast<std::uint64_t>(packets) - 1;
    EXPECT_EQ(host.update({data(0), answer(0)}), FG_OK);
  };
  bulk_of(most - 4);
  bulk_of(5);
  const TestRow full = host.row();
  EXPECT_EQ(full.at("fwd_packets"), Cell(one(most - 4)));
  EXPECT_EQ(full.at("fwd_bytes"), Cell(one(400)));
  bulk_of(4);
  EXPECT_EQ(host.row().at("fwd_packets"),
            Cell(SeriesCell{2, most, static_cast<Wide>(most - 4) * (most - 4) + 16, 4, most - 4}));
}

}  // namespace
}  // namespace flowgauge::test
