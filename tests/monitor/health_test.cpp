#include "core/monitor/health.h"

#include <gtest/gtest.h>

#include "tests/monitor/made_status.h"

namespace flowgauge::test {
namespace {

using namespace std::chrono_literals;

TEST(Health, OfARunThatDoesItsWork) {
  RunStatus status = live_status(5s);
  status.lag.in_write = 9s;
  status.workers[0].clock_ns = status.time_ns - 9'000'000'000;
  EXPECT_EQ(what_ails(status, 1s), std::nullopt);
}

TEST(Health, OfOneThatIsStuck) {
  RunStatus status = live_status(50s);
  EXPECT_EQ(what_ails(status, 12s), "nothing was heard of the run for 12 s");
  status.workers[1].clock_ns = status.time_ns - 11'000'000'000;
  EXPECT_EQ(what_ails(status, 0s), "lane 1 is 11 s behind the traffic");
  status.outputs[0].conditions = {{.name = "server_away", .text = "it is gone", .holds = true, .held_for = 9s}};
  EXPECT_EQ(what_ails(status, 0s), "lane 1 is 11 s behind the traffic");
  status.outputs[0].conditions[0].held_for = 10s;
  EXPECT_EQ(what_ails(status, 0s), "flows.csv, for 10 s: it is gone");
  status.lag.in_write = 10s;
  EXPECT_EQ(what_ails(status, 0s), "flows.csv has taken no row for 10 s");
  status.lag.written_output = 1;
  EXPECT_EQ(what_ails(status, 0s), "standard output has taken no row for 10 s");
  status.interfaces.clear();
  EXPECT_EQ(what_ails(status, 0s), "standard output has taken no row for 10 s") << "of files too";
}

}  // namespace
}  // namespace flowgauge::test
