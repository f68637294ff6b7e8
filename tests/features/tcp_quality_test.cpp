#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 tcp_quality_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/tcp_quality.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

struct Side {
  std::uint64_t duplicates = 0, zero_windows = 0, keep_alives = 0;
};
TestRow quality(Side fwd, Side bwd) {
  return {{"fwd_duplicate_ack", fwd.duplicates}, {"fwd_zero_window", fwd.zero_windows},
          {"bwd_duplicate_ack", bwd.duplicates}, {"bwd_zero_window", bwd.zero_windows},
          {"fwd_keep_alives", fwd.keep_alives},  {"bwd_keep_alives", bwd.keep_alives}};
}

// Without keep-alives: packets that are all of number 0 look like some, after data.
TestRow tcp_quality_of(std::vector<TestPacket> packets) {
  TestRow row = row_of("tcp_quality", std::move(packets));
  row["fwd_keep_alives"] = row["bwd_keep_alives"] = std::uint64_t{0};
  return row;
}

// Nothing but ACK.
TestPacket pure(std::uint32_t number, std::uint16_t window = 500) {
  return forward().flags(kAck).ack(number).window(window);
}
TestPacket pure_back(std::uint32_t number, std::uint16_t window = 500) {
  return backward().flags(kAck).ack(number).window(window);
}

TEST(TcpQuality, TheSecondOfTwoAlikeIsADuplicate) {
  EXPECT_EQ(tcp_quality_of({pure(100), pure(100), pure(100)}), quality({.duplicates = 2}, {}));
  EXPECT_EQ(tcp_quality_of({pure(100)}), quality({}, {}));
}

TEST(TcpQuality, NumberAndWindowMustBeTheSame) {
  EXPECT_EQ(tcp_quality_of({pure(100), pure(101), pure(100)}), quality({}, {}));
  EXPECT_EQ(tcp_quality_of({pure(100, 500), pure(100, 501), pure(100, 500)}), quality({}, {}));
  EXPECT_EQ(tcp_quality_of({pure(0xffff'ffff), pure(0xffff'ffff), pure(0), pure(0)}), quality({.duplicates = 2}, {}));
}

TEST(TcpQuality, PayloadOrAnotherFlagIsNone) {
  EXPECT_EQ(tcp_quality_of({pure(100), pure(100).payload_length(1), pure(100)}), quality({}, {}))
      << "data between: the packet before is none";
  EXPECT_EQ(tcp_quality_of({pure(100), pure(100).payload_length(1), pure(100), pure(100)}),
            quality({.duplicates = 1}, {}));
  for (const std::uint8_t flag : {kFin, kSyn, kRst, kPsh, kUrg, kEce, kCwr}) {
    const auto flagged = static_cast<std::uint8_t>(kAck | flag);
    EXPECT_EQ(tcp_quality_of({pure(100), pure(100).flags(flagged), pure(100)}), quality({}, {})) << int{flag};
    EXPECT_EQ(tcp_quality_of({pure(100).flags(flagged), pure(100).flags(flagged)}), quality({}, {})) << int{flag};
  }
  EXPECT_EQ(tcp_quality_of({pure(100).flags(0), pure(100).flags(0), pure(100)}), quality({}, {})) << "no flag at all";
}

TEST(TcpQuality, EachDirectionHasItsOwn) {
  EXPECT_EQ(tcp_quality_of({pure(100), pure_back(100), pure(100), pure_back(100).payload_length(9), pure(100)}),
            quality({.duplicates = 2}, {}));
  EXPECT_EQ(tcp_quality_of({pure_back(7), pure(7), pure_back(7)}), quality({}, {.duplicates = 1}));
}

// State begins as zero bytes: an ACK of number 0 and window 0 is no duplicate of nothing.
TEST(TcpQuality, TheFirstIsNoDuplicate) {
  EXPECT_EQ(tcp_quality_of({pure(0, 0), pure_back(0, 0)}), quality({.zero_windows = 1}, {.zero_windows = 1}));
}

TEST(TcpQuality, SequenceNumberAndTimeDoNotMatter) {
  EXPECT_EQ(tcp_quality_of({pure(9).seq(1).at(0), pure(9).seq(2).at(-10), pure(9).seq(3).at(0)}),
            quality({.duplicates = 2}, {}));
}

// Whatever the packet: SYN, data, RST. A window of 1 is not 0.
TEST(TcpQuality, ZeroWindows) {
  EXPECT_EQ(tcp_quality_of({forward().flags(kSyn).window(0), backward().flags(kSyn | kAck).window(0),
                            forward().flags(kAck).window(0).payload_length(10), backward().flags(kRst).window(0),
                            forward().flags(kAck).window(1), backward().flags(kAck).window(0)}),
            quality({.zero_windows = 2}, {.zero_windows = 3}));
}

// A segment without SYN, FIN, RST and with at most a byte, whose number is the one before the next expected.
TestPacket data(std::uint32_t seq, std::uint32_t bytes) {
  return forward().flags(kAck | kPsh).seq(seq).payload_length(bytes);
}
std::uint64_t keep_alives_of(std::vector<TestPacket> packets) {
  return std::get<std::uint64_t>(row_of("tcp_quality", std::move(packets)).at("fwd_keep_alives"));
}

TEST(KeepAlives, OfNoneAndOfOneByte) {
  EXPECT_EQ(keep_alives_of({data(100, 10), data(109, 0), data(109, 1), data(109, 1)}), 3U);
  EXPECT_EQ(keep_alives_of({data(100, 10), data(109, 2)}), 0U) << "two bytes: one is new";
  EXPECT_EQ(keep_alives_of({data(100, 10), data(108, 1), data(110, 0), data(110, 1)}), 0U) << "other numbers";
}

TEST(KeepAlives, NumbersWrapAround) {
  EXPECT_EQ(keep_alives_of({data(0xffff'fff6, 10), data(0xffff'ffff, 1)}), 1U);
  EXPECT_EQ(keep_alives_of({data(0xffff'fff7, 10), data(0, 0)}), 1U);
}

TEST(KeepAlives, SynFinAndRstAreNone) {
  for (const std::uint8_t flag : {kSyn, kFin, kRst})
    EXPECT_EQ(keep_alives_of({data(100, 10), data(109, 0).flags(flag)}), 0U) << int{flag};
  for (const std::uint8_t flag : {std::uint8_t{0}, kPsh, kUrg, kEce, kCwr})
    EXPECT_EQ(keep_alives_of({data(100, 10), data(109, 0).flags(flag)}), 1U) << int{flag};
}

TEST(KeepAlives, TheHighestSegmentTellsWhatIsExpected) {
  EXPECT_EQ(keep_alives_of({data(100, 10), data(50, 10), data(59, 1), data(109, 1)}), 1U) << "an older one does not";
  EXPECT_EQ(keep_alives_of({data(100, 0), data(99, 0)}), 1U) << "a pure ACK does";
  EXPECT_EQ(keep_alives_of({data(100, 0).flags(kSyn), data(100, 0)}), 1U) << "a SYN takes a number";
  EXPECT_EQ(keep_alives_of({data(100, 5).flags(kFin), data(105, 1)}), 1U) << "a FIN takes a number";
  EXPECT_EQ(keep_alives_of({data(100, 10), data(500, 0).flags(kRst), data(499, 0), data(109, 1)}), 0U)
      << "a RST does not; 499 then does";
  EXPECT_EQ(keep_alives_of({data(100, 0), data(100U + 0x8000'0000, 0), data(99, 0)}), 1U) << "nor what is 2^31 away";
}

TEST(KeepAlives, TheFirstIsNone) {
  EXPECT_EQ(keep_alives_of({data(0xffff'ffff, 0)}), 0U) << "zero bytes of state are not a number";
  EXPECT_EQ(keep_alives_of({data(0xffff'ffff, 1)}), 0U);
}

TEST(KeepAlives, EachDirectionHasItsOwn) {
  const auto back = [](std::uint32_t seq) { return backward().flags(kAck).ack(seq).window(5).seq(seq); };
  EXPECT_EQ(row_of("tcp_quality", {data(100, 10).window(5), back(109), back(108)}), quality({}, {.keep_alives = 1}));
}

// Packets without a TCP header have neither window nor number.
TEST(TcpQuality, OtherProtocolsCountNowhere) {
  EXPECT_EQ(
      tcp_quality_of({forward().protocol(17), forward().protocol(17), backward().icmp(8, 0), backward().protocol(0)}),
      quality({}, {}));
}

// A later fragment is passed over: it has no window, and the ACKs around it are one after the other.
TEST(TcpQuality, LaterFragmentsArePassedOver) {
  const TestPacket fragment = forward().mark(FG_MARK_LATER_FRAGMENT).payload_length(8);
  EXPECT_EQ(tcp_quality_of({pure(100), fragment, pure(100)}), quality({.duplicates = 1}, {}));
}

TEST(TcpQuality, SnapshotsAndFlowsInOneBatch) {
  FeatureHost host(built_feature("tcp_quality"));
  ASSERT_EQ(host.update({pure(1).of(0), pure(1).of(1), pure(2).of(2), pure(1).of(0)}), FG_OK);
  EXPECT_THAT(host.emit(), testing::ElementsAre(quality({.duplicates = 1}, {}), quality({}, {}), quality({}, {})));
  ASSERT_EQ(host.update({pure(2).of(2), pure(1).of(0), pure(2).of(1)}), FG_OK);
  EXPECT_THAT(host.emit(),
              testing::ElementsAre(quality({.duplicates = 2}, {}), quality({}, {}), quality({.duplicates = 1}, {})));
}

TEST(TcpQuality, CountsGoOnAbove32Bits) {
  FeatureHost host(built_feature("tcp_quality"));
  ASSERT_EQ(host.update({pure(1, 0).seq(5), pure_back(1, 0).seq(5)}), FG_OK);
  for (auto& low : host.state_as<::TcpQuality>(0).counters.low) low = 0xffff'ffff;
  ASSERT_EQ(host.update({pure(1, 0).seq(4), pure_back(1, 0).seq(4)}), FG_OK);
  EXPECT_EQ(host.row(),
            quality({0x1'0000'0000, 0x1'0000'0000, 0x1'0000'0000}, {0x1'0000'0000, 0x1'0000'0000, 0x1'0000'0000}));
}

}  // namespace
}  // namespace flowgauge::test
