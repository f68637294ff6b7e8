#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#define fg_module_v1 icmp_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/icmp.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

struct Counts {
  std::uint64_t requests = 0, replies = 0, errors = 0, unreachable = 0;
};
TestRow messages(std::int64_t type, std::int64_t code, Counts counts) {
  return {{"type", type},
          {"code", code},
          {"echo_request", counts.requests},
          {"echo_reply", counts.replies},
          {"error", counts.errors},
          {"destination_unreachable", counts.unreachable}};
}

TestRow icmp_of(std::vector<TestPacket> packets) { return row_of("icmp", std::move(packets)); }

TEST(Icmp, RequestsAndReplies) {
  EXPECT_EQ(icmp_of({forward().icmp(8, 0), backward().icmp(0, 0), forward().icmp(8, 0)}),
            messages(8, 0, {.requests = 2, .replies = 1}));
  EXPECT_EQ(icmp_of({forward().icmpv6(128, 0), backward().icmpv6(129, 0), backward().icmpv6(129, 0)}),
            messages(128, 0, {.requests = 1, .replies = 2}));
}

TEST(Icmp, TypeAndCodeAreOfTheFirstPacketOfEitherSide) {
  EXPECT_EQ(icmp_of({backward().at(0).icmp(3, 13), forward().at(-5).icmp(11, 1)}),
            messages(3, 13, {.errors = 2, .unreachable = 1}));
}

// Type 0, code 0 is an echo reply and not "none", which is -1.
TEST(Icmp, TypeZeroIsNotNone) { EXPECT_EQ(icmp_of({backward().icmp(0, 0)}), messages(0, 0, {.replies = 1})); }

TEST(Icmp, TheGreatestTypeAndCode) { EXPECT_EQ(icmp_of({forward().icmp(255, 255)}), messages(255, 255, {})); }

TEST(Icmp, OtherProtocolsHaveNone) {
  EXPECT_EQ(icmp_of({forward(), backward().protocol(17), forward().protocol(132)}), messages(-1, -1, {}));
}

// A later fragment has no ICMP header: it is neither the first nor counted.
TEST(Icmp, LaterFragmentsHaveNoType) {
  EXPECT_EQ(icmp_of({forward().protocol(1).mark(FG_MARK_LATER_FRAGMENT)}), messages(-1, -1, {}));
  EXPECT_EQ(icmp_of({forward().protocol(58).mark(FG_MARK_LATER_FRAGMENT), forward().icmpv6(1, 4),
                     forward().protocol(58).mark(FG_MARK_LATER_FRAGMENT)}),
            messages(1, 4, {.errors = 1, .unreachable = 1}));
}

// Semantics 5, type by type: 8 | 128 requests, 0 | 129 replies, 3 4 5 11 12 | 1 2 3 4 errors, 3 | 1 unreachable.
TEST(Icmp, EachTypeOfBothVersions) {
  const std::set<int> errors = {3, 4, 5, 11, 12};
  const std::set<int> errors_v6 = {1, 2, 3, 4};
  for (int type = 0; type < 256; ++type) {
    const auto is = [&](bool yes) { return std::uint64_t{yes}; };
    const auto number = static_cast<std::uint8_t>(type);
    EXPECT_EQ(icmp_of({forward().icmp(number, 1)}),
              messages(type, 1, {is(type == 8), is(type == 0), is(errors.contains(type)), is(type == 3)}))
        << "ICMP type " << type;
    EXPECT_EQ(icmp_of({forward().icmpv6(number, 2)}),
              messages(type, 2, {is(type == 128), is(type == 129), is(errors_v6.contains(type)), is(type == 1)}))
        << "ICMPv6 type " << type;
  }
}

TEST(Icmp, SnapshotsAndFlowsInOneBatch) {
  FeatureHost host(built_feature("icmp"));
  ASSERT_EQ(host.update({forward().of(0).icmp(8, 0), forward().of(1).icmp(3, 3)}), FG_OK);
  EXPECT_THAT(host.emit(),
              testing::ElementsAre(messages(8, 0, {.requests = 1}), messages(3, 3, {.errors = 1, .unreachable = 1})));
  ASSERT_EQ(host.update({forward().of(1).icmp(12, 0), backward().of(0).icmp(0, 0), forward().of(2)}), FG_OK);
  EXPECT_THAT(host.emit(), testing::ElementsAre(messages(8, 0, {.requests = 1, .replies = 1}),
                                                messages(3, 3, {.errors = 2, .unreachable = 1}), messages(-1, -1, {})));
}

// 2^32 - 1 of each, then one more.
TEST(Icmp, CountsGoOnAbove32Bits) {
  FeatureHost host(built_feature("icmp"));
  ASSERT_EQ(host.update({forward().icmp(8, 0)}), FG_OK);
  for (auto& low : host.state_as<::Icmp>(0).counters.low) low = 0xffff'ffff;
  host.pretend_packets(0, 0x1'0000'0000, 0x1'0000'0000);
  ASSERT_EQ(host.update({backward().icmp(3, 1), forward().icmp(8, 0)}), FG_OK);
  EXPECT_EQ(
      host.row(),
      messages(
          8, 0,
          {.requests = 0x1'0000'0000, .replies = 0xffff'ffff, .errors = 0x1'0000'0000, .unreachable = 0x1'0000'0000}));
}

}  // namespace
}  // namespace flowgauge::test
