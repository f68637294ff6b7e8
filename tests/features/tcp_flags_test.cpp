#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

// Every count 0 but those given.
TestRow counts(std::map<std::string, std::uint64_t> given, const std::string& text) {
  TestRow row = {{"text", text}};
  for (const char* side : {"fwd_", "bwd_", "all_"}) {
    for (const char* flag : {"fin", "syn", "rst", "psh", "ack", "urg", "cwr", "ece"}) {
      row[side + std::string(flag)] = given[side + std::string(flag)];
    }
  }
  return row;
}

TEST(TcpFlags, CountsPerDirectionAndInAll) {
  FeatureHost host(built_feature("tcp_flags"));
  ASSERT_EQ(host.update({forward().flags(kSyn), backward().flags(kSyn | kAck), forward().flags(kAck),
                         forward().flags(kPsh | kAck), backward().flags(kFin | kAck), forward().flags(kFin | kAck),
                         backward().flags(kAck)}),
            FG_OK);
  EXPECT_EQ(host.row(), counts({{"fwd_syn", 1},
                                {"fwd_ack", 3},
                                {"fwd_psh", 1},
                                {"fwd_fin", 1},  // S, A, PA, FA
                                {"bwd_syn", 1},
                                {"bwd_ack", 3},
                                {"bwd_fin", 1},  // SA, FA, A
                                {"all_syn", 2},
                                {"all_ack", 6},
                                {"all_psh", 1},
                                {"all_fin", 2}},
                               ".AP.SF"));
  EXPECT_TRUE(host.canaries_alive());
}

TEST(TcpFlags, EachBitIsItsFlag) {
  const std::pair<std::uint8_t, std::pair<const char*, const char*>> bits[] = {
      {kFin, {"fin", ".....F"}}, {kSyn, {"syn", "....S."}}, {kRst, {"rst", "...R.."}}, {kPsh, {"psh", "..P..."}},
      {kAck, {"ack", ".A...."}}, {kUrg, {"urg", "U....."}}, {kEce, {"ece", "......"}}, {kCwr, {"cwr", "......"}},
  };
  for (const auto& [bit, names] : bits) {
    FeatureHost host(built_feature("tcp_flags"));
    ASSERT_EQ(host.update({backward().flags(bit)}), FG_OK);
    const std::string flag = names.first;
    EXPECT_EQ(host.row(), counts({{"bwd_" + flag, 1}, {"all_" + flag, 1}}, names.second)) << flag;
  }
}

TEST(TcpFlags, TextIsOfBothDirections) {
  FeatureHost host(built_feature("tcp_flags"));
  ASSERT_EQ(host.update({forward().flags(kUrg | kRst | kFin), backward().flags(kAck | kPsh | kSyn)}), FG_OK);
  EXPECT_EQ(host.row().at("text"), Cell(std::string("UAPRSF")));
}

TEST(TcpFlags, PacketsWithoutATcpHeaderCountNowhere) {
  FeatureHost host(built_feature("tcp_flags"));
  ASSERT_EQ(host.update({forward(), backward(), forward().mark(FG_MARK_LATER_FRAGMENT)}), FG_OK);
  EXPECT_EQ(host.row(), counts({}, "......"));
}

}  // namespace
}  // namespace flowgauge::test
