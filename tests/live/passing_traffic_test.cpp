// What an interface counts and the capture does not see.
#include "core/live/passing_traffic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/collected_log.h"

namespace flowgauge::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class PassingTrafficTest : public testing::Test {
 protected:
  // What is said where the interface has counted so much and so much was seen, at ingress.
  std::string look(std::uint64_t counted, std::uint64_t seen, TrafficDirection direction = TrafficDirection::kIngress) {
    LiveCounters counters;
    counters.interface = "eth0";
    counters.direction = direction;
    counters.seen = seen;
    return said_by([&] { traffic_.compare({&counters, 1}, {{"eth0", {.received = counted, .sent = 0}}}); });
  }

  PassingTraffic traffic_;
};

TEST_F(PassingTrafficTest, PacketsOfSeveralLooksThatNobodySawAreSaidOnce) {
  EXPECT_THAT(look(100, 0), IsEmpty()) << "what was counted before does not matter";
  EXPECT_THAT(look(104, 0), IsEmpty());
  EXPECT_THAT(look(108, 0), IsEmpty());
  EXPECT_THAT(
      look(112, 0),
      AllOf(HasSubstr("warning: interface eth0 ingress: it has counted 12 packets of which none was seen, at 2"),
            HasSubstr("'flowgauge doctor eth0'")));
  EXPECT_THAT(look(200, 0), IsEmpty());
  EXPECT_THAT(look(201, 1), IsEmpty());
  for (const std::uint64_t counted : {300, 400}) EXPECT_THAT(look(counted, 1), IsEmpty());
  EXPECT_THAT(look(500, 1), HasSubstr("it has counted 299 packets")) << "again, since some were seen in between";
}

TEST_F(PassingTrafficTest, FewPacketsOrFewLooksAreNoProof) {
  look(0, 0);
  for (std::uint64_t counted = 1; counted < 10; ++counted) EXPECT_THAT(look(counted, 0), IsEmpty());
  EXPECT_THAT(look(10, 0), HasSubstr("it has counted 10 packets"));
  EXPECT_THAT(look(11, 1), IsEmpty());
  EXPECT_THAT(look(10'000, 1), IsEmpty());
  EXPECT_THAT(look(20'000, 1), IsEmpty());
}

TEST_F(PassingTrafficTest, AQuietOrUnknownInterfaceIsNothingToSay) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(look(7, 0), IsEmpty());
    EXPECT_THAT(look(static_cast<std::uint64_t>(i) * 100, 0, TrafficDirection::kEgress), IsEmpty())
        << "received, not sent";
  }
  look(0, 0);
  EXPECT_THAT(look(3, 0), IsEmpty()) << "counters that began anew";
}

}  // namespace
}  // namespace flowgauge::test
