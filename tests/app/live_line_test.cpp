// The line of a live run on a terminal.
#include "core/app/live_line.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

RunStatus status(std::chrono::nanoseconds elapsed, std::uint64_t seen, std::uint64_t lost = 0) {
  RunStatus status;
  status.elapsed = elapsed;
  status.workers.resize(2);
  status.workers[0].open_flows = 10;
  status.workers[1].open_flows = 2;
  status.outputs = {{"basic", "a.csv", 3456}, {"cic", "b.csv", 3456}};
  status.interfaces.resize(2);
  status.interfaces[0].seen = seen;
  status.interfaces[1].ring_full = lost;
  return status;
}

TEST(LiveLine, HasTheRateSinceTheLastLook) {
  LiveRate rate;
  EXPECT_EQ(live_line(status(seconds(2), 1000), rate), "0:02, 500 packets/s, 12 flows, 3,456 rows");
  EXPECT_EQ(live_line(status(milliseconds(2500), 1'001'000), rate), "0:02, 2,000,000 packets/s, 12 flows, 3,456 rows");
  EXPECT_EQ(live_line(status(milliseconds(2700), 1'001'000), rate), "0:02, 0 packets/s, 12 flows, 3,456 rows");
  EXPECT_EQ(live_line(status(milliseconds(2700), 1'001'000), rate), "0:02, 0 packets/s, 12 flows, 3,456 rows");
}

TEST(LiveLine, ShowsHoursAndLosses) {
  LiveRate rate;
  EXPECT_EQ(live_line(status(seconds(3661), 0, 5000), rate), "1:01:01, 0 packets/s, 12 flows, 3,456 rows; 5,000 LOST");
  RunStatus one = status(seconds(3661), 0);
  one.workers.resize(1);
  one.workers[0].open_flows = 1;
  one.interfaces[1].lost_before = 2;
  EXPECT_EQ(live_line(one, rate), "1:01:01, 0 packets/s, 1 flow, 3,456 rows; 2 LOST");
}

}  // namespace
}  // namespace flowgauge
