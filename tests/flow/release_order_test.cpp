// The order of rows: by releasing frame, cause, deadline, creation (docs/design.md, section 2).
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

EventBuilder flow(std::uint16_t port) { return event().udp("10.0.0.1", port, "10.0.0.2", 53); }
EventBuilder tcp(std::uint16_t port) { return event().tcp("10.0.0.1", port, "10.0.0.2", 80); }

Rows places(const Rows& rows) {  // "frame 3 sweep 125s 10.0.0.1:1"
  Rows result;
  for (const std::string& row : rows) {
    const std::size_t colon = row.find(": ");
    result.push_back(row.substr(0, colon) + " " + row.substr(colon + 2, row.find('>') - colon - 2));
  }
  return result;
}

TEST(ReleaseOrder, ASweepReleasesByDeadlineThenCreation) {
  EXPECT_EQ(
      places(releases_of({}, {flow(1).at(3_s), flow(2).at(1_s), flow(3).at(2_s), flow(4).at(2_s), flow(9).at(200_s)})),
      Rows({"frame 4 sweep 123s 10.0.0.1:1", "frame 4 sweep 123s 10.0.0.1:2", "frame 4 sweep 123s 10.0.0.1:3",
            "frame 4 sweep 123s 10.0.0.1:4", "end 10.0.0.1:9"}));
  EXPECT_EQ(places(releases_of({}, {flow(1).at(1_s), flow(2).at(2_s), flow(1).at(3_s), flow(9).at(200_s)})),
            Rows({"frame 3 sweep 122s 10.0.0.1:2", "frame 3 sweep 123s 10.0.0.1:1", "end 10.0.0.1:9"}));
}

TEST(ReleaseOrder, TheSweepComesAtTheNextWholeSecondAfterTheDeadline) {
  EXPECT_EQ(places(releases_of({}, {flow(1).at(500_ms), flow(2).at(120_s + 600_ms), flow(3).at(120_s + 999_ms),
                                    flow(4).at(121_s)}))
                .front(),
            "frame 3 sweep 120500ms 10.0.0.1:1");
  // A deadline on a whole second waits for the next one.
  EXPECT_EQ(places(releases_of({}, {flow(1).at(0), flow(2).at(120_s), flow(3).at(120_s + 999_ms), flow(4).at(121_s)}))
                .front(),
            "frame 3 sweep 120s 10.0.0.1:1");
}

TEST(ReleaseOrder, OfOneFrameTheSweepIsBeforeTheTouchedFlow) {
  // Flow 2 expires at its own packet (frame 2, deadline 120.5 s); flow 1's second has come.
  EXPECT_EQ(places(releases_of({}, {flow(1).at(0), flow(2).at(1_s + 500_ms), flow(2).at(121_s + 600_ms)})),
            Rows({"frame 2 sweep 120s 10.0.0.1:1", "frame 2 touched 121500ms 10.0.0.1:2", "end 10.0.0.1:2"}));
}

TEST(ReleaseOrder, AnOwnTimeDeadlinePassesAtTheClock) {
  EXPECT_EQ(places(releases_of({}, {flow(9).at(1000_s), flow(1).at(0), flow(1).at(121_s)})),
            Rows({"frame 2 touched 1000s 10.0.0.1:1", "end 10.0.0.1:9", "end 10.0.0.1:1"}));
}

TEST(ReleaseOrder, ImmediateClosesComeWithTheirPacket) {
  const LifeCycle rules{.tcp_close = TcpClose::kImmediate};
  EXPECT_EQ(places(releases_of(rules, {tcp(1).flags("A").at(0), tcp(2).flags("R").at(1_s), tcp(1).flags("R").at(2_s)})),
            Rows({"frame 1 close 0ns 10.0.0.1:2", "frame 2 close 0ns 10.0.0.1:1"}));
}

TEST(ReleaseOrder, TheEndOfInputGoesByCreation) {
  EXPECT_EQ(places(releases_of({}, {flow(5).at(9_s), flow(3).at(8_s), flow(4).at(7_s), flow(5).at(10_s)})),
            Rows({"end 10.0.0.1:5", "end 10.0.0.1:3", "end 10.0.0.1:4"}));
}

TEST(ReleaseOrder, LongTimeoutsOutlastTheWheel) {
  // 5,000 s is beyond the timer wheel's reach: it is looked at on the way and armed again.
  const LifeCycle rules{.idle_timeout_ns = 5000_s, .active_timeout_ns = 0};
  std::vector<packet_event> events = {flow(1).at(0)};
  for (int i = 1; i <= 60; ++i) events.push_back(flow(2).at(i * 100_s));
  EXPECT_EQ(places(releases_of(rules, events)).front(), "frame 51 sweep 5000s 10.0.0.1:1");
}

TEST(ReleaseOrder, AJumpOfTheClockSweepsEverything) {
  std::vector<packet_event> events;
  for (std::uint16_t port = 1; port <= 300; ++port) events.push_back(flow(port).at(port * 1_s / 3));
  events.push_back(flow(1000).at(1'000'000_s));
  const Rows rows = releases_of({}, events);
  ASSERT_EQ(rows.size(), 301U);
  for (std::size_t i = 0; i < 300; ++i) EXPECT_TRUE(rows[i].starts_with("frame 300 sweep")) << rows[i];
}

}  // namespace
}  // namespace flowgauge::test
