// The line of a live run on a terminal.
#include "core/app/live_line.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

LiveStatus status(std::chrono::nanoseconds elapsed, std::uint64_t seen, std::uint64_t lost = 0) {
  LiveStatus status{elapsed, 12, 3456, {}};
  status.counters.resize(2);
  status.counters[0].seen = seen;
  status.counters[1].ring_full = lost;
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
  LiveStatus one = status(seconds(3661), 0);
  one.open_flows = 1;
  one.counters[1].lost_before = 2;
  EXPECT_EQ(live_line(one, rate), "1:01:01, 0 packets/s, 1 flow, 3,456 rows; 2 LOST");
}

}  // namespace
}  // namespace flowgauge
