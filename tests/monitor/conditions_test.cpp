// What is said of runs that go wrong, by statuses over time.
#include "core/monitor/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/monitor/made_status.h"

namespace flowgauge::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Looks each half second from 0 to `until`, and ends the run there where that is asked for.
class Watched {
 public:
  using Change = std::function<void(RunStatus& status, std::chrono::nanoseconds now)>;

  explicit Watched(Change change) : change_(std::move(change)) {}

  std::vector<std::string> until(std::chrono::nanoseconds end) {
    std::vector<std::string> said;
    for (; now_ <= end; now_ += 500ms)
      for (const std::string& message : conditions.look(status())) said.push_back(message);
    return said;
  }
  std::vector<std::string> finish() { return conditions.finish(status()); }

  RunConditions conditions;

 private:
  RunStatus status() {
    RunStatus status = live_status(now_);
    change_(status, now_);
    return status;
  }

  Change change_;
  std::chrono::nanoseconds now_{0};
};

TEST(Conditions, NothingIsSaidWhereAllIsWell) {
  Watched run([](RunStatus& status, auto) {
    status.lag.rows = 5000;
    status.interfaces[0].seen = 1'000'000;
  });
  EXPECT_THAT(run.until(100s), IsEmpty());
  EXPECT_THAT(run.conditions.active(), IsEmpty());
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Conditions, ARingThatIsFullIsSaidAtOnceAndAgainWithItsTotal) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    const auto lost = [&](std::chrono::seconds from) {
      return now < from ? 0 : std::min<std::int64_t>((now - from) / 10ms, 300);
    };
    status.interfaces[0].ring_full = 7 + static_cast<std::uint64_t>(lost(10s));
    status.interfaces[1].lost_before = now >= 10s ? 1 : 0;
  });
  EXPECT_THAT(run.until(9s),
              ElementsAre("packets find no room in their ring since 2026-08-03T20:30:00.000Z: 7 packets lost so far; "
                          "take larger rings (--ring-size), more of them on more cores (--rings), or fewer columns",
                          "packets find no room in their ring from 2026-08-03T20:30:00.000Z to "
                          "2026-08-03T20:30:00.000Z: 7 packets lost; take larger rings (--ring-size), more of them "
                          "on more cores (--rings), or fewer columns"));
  EXPECT_THAT(run.until(11s),
              ElementsAre(testing::StartsWith(
                  "packets find no room in their ring since 2026-08-03T20:30:10.000Z: 1 packet lost so far; ")));
  EXPECT_THAT(run.conditions.active(), ElementsAre("ring_full"));
  EXPECT_THAT(run.until(30s),
              ElementsAre(testing::StartsWith("packets find no room in their ring from 2026-08-03T20:30:10.000Z to "
                                              "2026-08-03T20:30:13.000Z: 301 packets lost; ")));
  EXPECT_THAT(run.conditions.active(), IsEmpty());
}

TEST(Conditions, AFullFlowTableIsSaidOfFilesToo) {
  RunConditions conditions;
  RunStatus status;
  status.workers.resize(2);
  status.time_ns = kBeginNs;
  EXPECT_THAT(conditions.look(status), IsEmpty());
  set_evictions(status, 12);
  status.elapsed = 200ms;
  status.time_ns += 200'000'000;
  EXPECT_THAT(
      conditions.finish(status),
      ElementsAre("the flow table is full from 2026-08-03T20:30:00.200Z to 2026-08-03T20:30:00.200Z: 12 flows ended "
                  "early; raise flow.max_flows (--max-flows), or lower the timeouts"))
      << "of a short run one message";
}

TEST(Conditions, WhatTheCardDropsIsToldFromWhatNobodyWanted) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    const auto seconds = static_cast<std::uint64_t>(now / 1s);
    status.interfaces[0].by_reason[PACKET_NOT_IP] = 10 * seconds;  // LLDP: seen, and no protocol of the host wants it
    status.host.links[0].rx_dropped = 10 * seconds + (seconds >= 20 ? 3 : 0);
    status.host.links[0].rx_missed = seconds >= 21 ? 4 : 0;
    status.host.links[0].rx_no_buffer = seconds >= 22 ? 5 : 0;
  });
  EXPECT_THAT(run.until(19s), IsEmpty());
  EXPECT_THAT(
      run.until(40s),
      ElementsAre(
          "the network card, its driver or the kernel drops packets of eth0 since 2026-08-03T20:30:20.000Z: 3 packets "
          "dropped so far; they are in no row; 'ethtool -S eth0' says where, 'ethtool -G' gives the card more room",
          testing::StartsWith(
              "the network card, its driver or the kernel drops packets of eth0 from 2026-08-03T20:30:20.000Z "
              "to 2026-08-03T20:30:22.000Z: 12 packets dropped; ")));
}

TEST(Conditions, WithLibpcapWhatIsDroppedIsNotKnownToBeWanted) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    for (LiveCounters& one : status.interfaces) one.direction = TrafficDirection::kBoth;
    status.host.links[0].rx_dropped = static_cast<std::uint64_t>(now / 1s);
  });
  EXPECT_THAT(run.until(19s), IsEmpty());
}

TEST(Conditions, TheKernelsDropsAreSaid) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) { status.host.softnet = now >= 3s ? 9 : 0; });
  EXPECT_THAT(run.until(3s),
              ElementsAre("the kernel has no room for packets that come in (softnet) since 2026-08-03T20:30:03.000Z: 9 "
                          "packets dropped on all interfaces together so far; they are in no row; raise "
                          "net.core.netdev_max_backlog, or spread packets over more cores"));
  EXPECT_THAT(run.conditions.active(), ElementsAre("softnet_drops"));
  EXPECT_THAT(run.finish(),
              ElementsAre(testing::HasSubstr("from 2026-08-03T20:30:03.000Z to 2026-08-03T20:30:03.000Z: 9 packets")));
}

// From second 10 to 20 the outputs take all the time.
void stop_reading(RunStatus& status, std::chrono::nanoseconds now) {
  status.lag.writing = std::clamp<std::chrono::nanoseconds>(now - 10s, 0s, 10s) + 10ms;
  status.lag.in_write = now >= 10s && now < 20s ? now - 10s : 0s;
  status.lag.rows = now >= 10s && now < 20s ? 4096 : 3;
  status.lag.written_output = 1;
}

TEST(Conditions, ASlowReaderIsToldFromASlowWorker) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    stop_reading(status, now);
    if (now >= 11s && now < 21s)
      status.workers[1].clock_ns = kBeginNs + 11'000'000'000;  // the lane waits for the output
    if (now >= 12s) status.interfaces[0].ring_full = 5;
  });
  EXPECT_THAT(run.until(19s), ElementsAre("standard output takes rows too slowly since 2026-08-03T20:30:10.500Z: 4,096 "
                                          "rows made and not written; is its "
                                          "reader, disk or network too slow? Packets are lost when the rings are full",
                                          "packets find no room in their ring since 2026-08-03T20:30:12.000Z: 5 "
                                          "packets lost so far; the outputs are not "
                                          "written as fast as rows are made",
                                          testing::HasSubstr("5 packets lost; ")));
  EXPECT_THAT(run.conditions.active(), ElementsAre("slow_output"));
  EXPECT_THAT(run.until(30s), ElementsAre("standard output took rows too slowly from 2026-08-03T20:30:10.500Z to "
                                          "2026-08-03T20:30:20.000Z: at most 4,096 rows waited"));
}

TEST(Conditions, ABurstOfRowsIsNoSlowReader) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    status.lag.writing = std::clamp<std::chrono::nanoseconds>(now - 10s, 0s, 1s);
    status.lag.rows = 100;
  });
  EXPECT_THAT(run.until(30s), IsEmpty());
}

TEST(Conditions, OfFilesASlowReaderIsNothingWrong) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    stop_reading(status, now);
    status.interfaces.clear();
    for (WorkerStatus& worker : status.workers) worker.clock_ns = 0;
  });
  EXPECT_THAT(run.until(30s), IsEmpty());
}

TEST(Conditions, ALaneThatIsBehindIsSaidWithHowFar) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    const auto behind = now >= 10s && now < 20s ? (now - 8s) : 150ms;
    status.workers[1].clock_ns = status.time_ns - std::chrono::nanoseconds(behind).count();
  });
  EXPECT_THAT(
      run.until(11s),
      ElementsAre("the run is behind the traffic since 2026-08-03T20:30:10.000Z: lane 1 by 3.0 s, since its worker "
                  "is too slow; take more rings on more cores (--rings), or fewer columns"));
  EXPECT_THAT(run.conditions.active(), ElementsAre("lag"));
  EXPECT_THAT(
      run.until(30s),
      ElementsAre("the run was behind the traffic from 2026-08-03T20:30:10.000Z to 2026-08-03T20:30:19.500Z: at most "
                  "11.5 s"));
}

TEST(Conditions, ALaneWithoutPacketsIsNotBehind) {
  Watched run([](RunStatus& status, auto) {
    for (WorkerStatus& worker : status.workers) worker.clock_ns = kNoClock;
  });
  EXPECT_THAT(run.until(30s), IsEmpty());
}

SinkCondition told(std::uint64_t times, bool holds) {
  return {.name = "server_away", .text = "it is gone", .holds = holds, .times = times};
}

TEST(Conditions, WhatASinkTellsIsSaidWithItsPlace) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    if (now >= 10s) status.outputs[0].conditions = {told(1, now < 20s)};
    if (now >= 15s) status.outputs[1].conditions = {told(1, now < 16s)};
  });
  EXPECT_THAT(run.until(14s), ElementsAre("flows.csv since 2026-08-03T20:30:10.000Z: it is gone"));
  EXPECT_THAT(run.conditions.active(), ElementsAre("sink"));
  EXPECT_THAT(run.until(30s),
              ElementsAre("standard output since 2026-08-03T20:30:15.000Z: it is gone",
                          "standard output from 2026-08-03T20:30:15.000Z to 2026-08-03T20:30:15.500Z: it is gone",
                          "flows.csv from 2026-08-03T20:30:10.000Z to 2026-08-03T20:30:19.500Z: it is gone"));
  EXPECT_THAT(run.conditions.active(), IsEmpty());
}

TEST(Conditions, WhatASinkTellsBetweenTwoLooksIsSaidOnce) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    if (now >= 10s) status.outputs[0].conditions = {told(1, false)};
  });
  EXPECT_THAT(run.until(30s),
              ElementsAre("flows.csv since 2026-08-03T20:30:10.000Z: it is gone",
                          "flows.csv from 2026-08-03T20:30:10.000Z to 2026-08-03T20:30:10.000Z: it is gone"));
}

TEST(Conditions, WhatASinkToldIsOverWithItsRun) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    if (now < 10s) status.outputs[0].conditions = {told(1, true)};
  });
  EXPECT_THAT(run.until(30s),
              ElementsAre("flows.csv since 2026-08-03T20:30:00.000Z: it is gone",
                          "flows.csv from 2026-08-03T20:30:00.000Z to 2026-08-03T20:30:09.500Z: it is gone"));
}

TEST(Conditions, ASinkThatFlapsIsSaidOnce) {
  Watched run([](RunStatus& status, std::chrono::nanoseconds now) {
    status.outputs[0].conditions = {told(static_cast<std::uint64_t>(now / 500ms) + 1, (now / 500ms) % 2 == 0)};
  });
  EXPECT_THAT(run.until(50s), ElementsAre("flows.csv since 2026-08-03T20:30:00.000Z: it is gone"));
  EXPECT_THAT(run.finish(),
              ElementsAre("flows.csv from 2026-08-03T20:30:00.000Z to 2026-08-03T20:30:50.500Z: it is gone"));
}

}  // namespace
}  // namespace flowgauge::test
