#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 retransmission_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/retransmission.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestRow repeats(std::uint64_t fwd, std::uint64_t bwd) { return {{"fwd", fwd}, {"bwd", bwd}}; }

// [seq, seq + bytes) of the source side, or of the other.
TestPacket sent(std::uint32_t seq, std::uint32_t bytes) { return forward().flags(kAck).seq(seq).payload_length(bytes); }
TestPacket sent_back(std::uint32_t seq, std::uint32_t bytes) {
  return backward().flags(kAck).seq(seq).payload_length(bytes);
}

TestRow retransmission_of(std::vector<TestPacket> packets) { return row_of("retransmission", std::move(packets)); }

TEST(Retransmission, SuccessiveRangesRepeatNothing) {
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'100, 100), sent(1'200, 1)}), repeats(0, 0));
}

TEST(Retransmission, OnePacketRepeatsNothing) { EXPECT_EQ(retransmission_of({sent_back(0, 1)}), repeats(0, 0)); }

TEST(Retransmission, TheSameRangeAgain) {
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'000, 100), sent(1'000, 100)}), repeats(2, 0));
}

// Seen is [1000, 1100). One number in common is enough, touching is not.
TEST(Retransmission, OverlapByOneNumber) {
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'099, 50)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'100, 50)}), repeats(0, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(950, 51)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(950, 50)}), repeats(0, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'040, 1)}), repeats(1, 0)) << "inside";
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(900, 300)}), repeats(1, 0)) << "around";
}

// What repeats one number only may bring new ones: they are seen from then on.
TEST(Retransmission, TheNewPartOfARepetitionIsSeen) {
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'099, 50), sent(1'147, 2), sent(1'149, 1)}), repeats(2, 0));
}

// Arrived late, in a hole: no repetition, until it is filled.
TEST(Retransmission, OutOfOrderIsNoRepetition) {
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'200, 100), sent(1'100, 100)}), repeats(0, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'200, 100), sent(1'100, 100), sent(1'150, 1)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'200, 100), sent(1'099, 101)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'200, 100), sent(1'000, 300)}), repeats(1, 0))
      << "two ranges, one packet";
}

// SYN and FIN take one number each (RFC 9293 3.4), before and after the payload.
TEST(Retransmission, SynAndFinTakeANumber) {
  EXPECT_EQ(retransmission_of({sent(999, 0).flags(kSyn), sent(1'000, 10), sent(1'010, 0).flags(kFin | kAck)}),
            repeats(0, 0));
  EXPECT_EQ(retransmission_of({sent(999, 0).flags(kSyn), sent(999, 0).flags(kSyn)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(999, 0).flags(kSyn), sent(999, 10)}), repeats(1, 0))
      << "data at the SYN's own number";
  EXPECT_EQ(retransmission_of({sent(1'000, 10).flags(kFin | kAck), sent(1'010, 0).flags(kFin | kAck)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 10).flags(kFin | kAck), sent(1'011, 1)}), repeats(0, 0));
  // SYN with data and FIN: 1 + 3 + 1 numbers, 1000 to 1004
  EXPECT_EQ(retransmission_of({sent(1'000, 3).flags(kSyn | kFin), sent(1'004, 2)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 3).flags(kSyn | kFin), sent(1'005, 1)}), repeats(0, 0));
}

// RST, PSH, URG take none.
TEST(Retransmission, PacketsWithoutNumbersRepeatNothing) {
  EXPECT_EQ(
      retransmission_of({sent(1'000, 100), sent(1'000, 0), sent(1'099, 0), sent(1'050, 0).flags(kRst | kPsh | kUrg)}),
      repeats(0, 0));
}

// Erratum R26. A byte before the next expected number is a keep-alive; two are a repetition.
TEST(Retransmission, KeepAlivesRepeatNothing) {
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'099, 0), sent(1'099, 1)}), repeats(0, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent(1'098, 2), sent(1'098, 1), sent(1'099, 0).flags(kFin)}),
            repeats(3, 0));
  EXPECT_EQ(retransmission_of({sent(1'000, 0), sent(999, 1), sent(999, 2)}), repeats(0, 0)) << "nor are they seen";
}

TEST(Retransmission, EachDirectionHasItsOwnNumbers) {
  EXPECT_EQ(retransmission_of({sent(1'000, 100), sent_back(1'000, 100), sent_back(1'050, 100), sent(1'100, 1)}),
            repeats(0, 1));
}

TEST(Retransmission, OtherProtocolsAndLaterFragmentsHaveNoNumbers) {
  EXPECT_EQ(retransmission_of({sent(0, 8).protocol(17), sent(0, 8).protocol(17), sent_back(0, 8).icmp(8, 0),
                               sent_back(0, 8).icmp(8, 0)}),
            repeats(0, 0));
  EXPECT_EQ(retransmission_of({sent(0, 8).mark(FG_MARK_FIRST_FRAGMENT), sent(0, 8).mark(FG_MARK_LATER_FRAGMENT),
                               sent(0, 8).mark(FG_MARK_LATER_FRAGMENT)}),
            repeats(0, 0));
}

// Erratum R12. 2^32 - 100 = 4,294,967,196: with 200 bytes the range ends at 100.
TEST(Retransmission, NumbersWrap) {
  EXPECT_EQ(retransmission_of({sent(4'294'967'196, 200), sent(100, 50)}), repeats(0, 0));
  EXPECT_EQ(retransmission_of({sent(4'294'967'196, 200), sent(99, 50)}), repeats(1, 0));
  EXPECT_EQ(retransmission_of({sent(4'294'967'196, 200), sent(0, 1), sent(4'294'967'295, 1)}), repeats(2, 0));
  EXPECT_EQ(retransmission_of({sent(4'294'967'196, 100), sent(0, 100), sent(4'294'967'295, 1)}), repeats(1, 0));
  // the SYN is the last number before the wrap
  EXPECT_EQ(retransmission_of({sent(4'294'967'295, 0).flags(kSyn), sent(0, 10), sent(4'294'967'295, 0).flags(kSyn)}),
            repeats(1, 0));
  // and back: 2^32 - 10 is older than 0
  EXPECT_EQ(retransmission_of({sent(0, 10), sent(4'294'967'286, 10), sent(4'294'967'295, 1), sent(8, 2)}),
            repeats(2, 0));
}

// 5 * 2^30 bytes: the fifth begins at 0 like the first, 2^32 numbers later. What is 2^30 before it is known.
TEST(Retransmission, AFlowOfMoreThan4GiB) {
  constexpr std::uint32_t quarter = std::uint32_t{1} << 30;
  const std::vector<TestPacket> five = {sent(0, quarter), sent(quarter, quarter), sent(2 * quarter, quarter),
                                        sent(3 * quarter, quarter), sent(0, quarter)};
  EXPECT_EQ(retransmission_of(five), repeats(0, 0));
  std::vector<TestPacket> six = five;
  six.push_back(sent(3 * quarter, 1));
  EXPECT_EQ(retransmission_of(six), repeats(1, 0));
}

// Erratum R22. Five ranges that do not touch: the lowest is forgotten, and forgotten again when it comes back.
TEST(Retransmission, FourRangesAreKept) {
  const std::vector<TestPacket> five = {sent(1'000, 10), sent(1'020, 10), sent(1'040, 10), sent(1'060, 10),
                                        sent(1'080, 10)};
  EXPECT_EQ(retransmission_of(five), repeats(0, 0));
  const auto then = [&](std::vector<TestPacket> more) {
    std::vector<TestPacket> all = five;
    all.insert(all.end(), more.begin(), more.end());
    return retransmission_of(all);
  };
  EXPECT_EQ(then({sent(1'000, 10), sent(1'000, 10)}), repeats(0, 0));
  EXPECT_EQ(then({sent(1'020, 10), sent(1'040, 10), sent(1'060, 10), sent(1'080, 10)}), repeats(4, 0));
}

TEST(Retransmission, TheFourthRangeIsKept) {
  EXPECT_EQ(retransmission_of({sent(1'060, 10), sent(1'040, 10), sent(1'020, 10), sent(1'000, 10), sent(1'000, 10)}),
            repeats(1, 0));
}

// 1000-1010, 1020-1030, 1040-1050, 1060-1070; 1010-1020 makes one of the first two. So there is room for another.
TEST(Retransmission, TouchingRangesMerge) {
  EXPECT_EQ(retransmission_of({sent(1'000, 10), sent(1'020, 10), sent(1'040, 10), sent(1'060, 10), sent(1'010, 10),
                               sent(1'080, 10), sent(1'000, 10)}),
            repeats(1, 0));
  // a range that touches none makes five: the lowest, 1000-1010, is forgotten
  EXPECT_EQ(retransmission_of(
                {sent(1'000, 10), sent(1'020, 10), sent(1'040, 10), sent(1'060, 10), sent(1'011, 8), sent(1'000, 10)}),
            repeats(0, 0));
}

// One packet over all four makes one of them.
TEST(Retransmission, ARangeOverAllOthers) {
  EXPECT_EQ(retransmission_of({sent(1'000, 10), sent(1'020, 10), sent(1'040, 10), sent(1'060, 10), sent(990, 100),
                               sent(1'100, 1), sent(1'110, 1), sent(1'120, 1), sent(990, 1)}),
            repeats(2, 0));  // itself and the last
}

TEST(Retransmission, SnapshotsAndFlowsInOneBatch) {
  FeatureHost host(built_feature("retransmission"));
  ASSERT_EQ(host.update({sent(10, 5).of(0), sent(10, 5).of(1), sent(10, 5).of(0)}), FG_OK);
  EXPECT_THAT(host.emit(), testing::ElementsAre(repeats(1, 0), repeats(0, 0)));
  ASSERT_EQ(host.update({sent(14, 5).of(0), sent_back(10, 5).of(1), sent(15, 5).of(1)}), FG_OK);
  EXPECT_THAT(host.emit(), testing::ElementsAre(repeats(2, 0), repeats(0, 0)));
}

TEST(Retransmission, CountsGoOnAbove32Bits) {
  FeatureHost host(built_feature("retransmission"));
  ASSERT_EQ(host.update({sent(10, 5), sent_back(10, 5)}), FG_OK);
  host.state_as<::Retransmission>(0).ranges.seen[0].repeated = 0xffff'ffff;
  host.state_as<::Retransmission>(0).ranges.seen[1].repeated = 0xffff'ffff'fff;
  ASSERT_EQ(host.update({sent(10, 5), sent_back(10, 5)}), FG_OK);
  EXPECT_EQ(host.row(), repeats(0x1'0000'0000, 0x1000'0000'0000));
}

// Numbers that wrap at 2^32 are kept as integers that do not: of 2^48 bytes without a hole, and three packets of 2^31 -
// 1, nothing is forgotten.
TEST(Retransmission, RangesBeyond2To32) {
  constexpr std::uint32_t step = 0x7fff'ffff;
  std::vector<TestPacket> packets;
  std::uint32_t seq = 77;
  FeatureHost host(built_feature("retransmission"));
  ASSERT_EQ(host.update({sent(seq, step)}), FG_OK);
  auto& seen = host.state_as<::Retransmission>(0).ranges.seen[0];
  seen.highest.begin = seen.highest.end - (std::int64_t{1} << 48);
  for (int i = 0; i < 3; ++i) packets.push_back(sent(seq += step, step));
  // Back to the first number of the first packet, and forth again, in steps that the wrap allows: 6 repetitions.
  for (const int back : {1, 2, 3, 2, 1}) packets.push_back(sent(seq - static_cast<std::uint32_t>(back) * step, 1));
  packets.push_back(sent(seq, step));
  packets.push_back(sent(seq + step, 1));      // new
  packets.push_back(sent(seq + step + 2, 1));  // new, behind a hole of one
  packets.push_back(sent(seq + step, 1));      // the seventh
  ASSERT_EQ(host.update(packets), FG_OK);
  EXPECT_EQ(host.row(), repeats(7, 0));
}

// The largest holes that the wrap allows: 0, -2^31, -2^32, -3 * 2^31. Then the lowest again, and up to the others, each
// time past the number before it, which is new.
TEST(Retransmission, HolesOfHalfTheNumbers) {
  constexpr std::uint32_t half = std::uint32_t{1} << 31;
  const auto one = [](std::uint32_t seq) { return sent(seq, 0).flags(kSyn); };  // a byte may be a keep-alive
  const std::vector<TestPacket> down = {one(0), one(half), one(0), one(half)};
  EXPECT_EQ(retransmission_of(down), repeats(0, 0));
  std::vector<TestPacket> all = down;
  for (const std::uint32_t seq : {half, half - 1 + half, 0U, half - 1, half, half - 1 + half, 0U}) {
    all.push_back(one(seq));
  }
  EXPECT_EQ(retransmission_of(all), repeats(4, 0));
}

}  // namespace
}  // namespace flowgauge::test
