#include "core/monitor/status_sum.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

using namespace std::chrono_literals;

RunStatus of_file(std::uint64_t packets, std::chrono::nanoseconds elapsed, RunStatus::Phase phase) {
  RunStatus status;
  status.phase = phase;
  status.elapsed = elapsed;
  status.files =
      SourceProgress{.bytes_read = 10 * packets, .bytes_total = 1000, .input = "x", .inputs_begun = 1, .inputs = 1};
  status.ledger.frames_read = packets;
  status.workers.resize(2);
  status.workers[1].flows.packets = packets;
  status.workers[1].open_flows = phase == RunStatus::Phase::kDone ? 0 : 3;
  status.workers[1].clock_ns = 7;
  status.outputs = {{"basic", "a.csv", packets / 2}};
  status.counters = {{"tls", "handshakes", FG_UNIT_COUNT, packets}};
  return status;
}

TEST(StatusSum, StreamsAreOneRun) {
  StatusSum sum;
  EXPECT_EQ(sum.add(of_file(10, 1s, RunStatus::Phase::kRunning)).total().flows.packets, 10U);
  EXPECT_EQ(sum.add(of_file(20, 2s, RunStatus::Phase::kDone)).total().flows.packets, 20U);
  (void)sum.add(of_file(6, 1s, RunStatus::Phase::kDone));
  const RunStatus third = sum.add(of_file(4, 3s, RunStatus::Phase::kRunning));
  EXPECT_EQ(third.elapsed, 6s);
  EXPECT_EQ(third.ledger.frames_read, 30U);
  EXPECT_EQ(third.workers[0].flows.packets, 0U);
  EXPECT_EQ(third.workers[1].flows.packets, 30U);
  EXPECT_EQ(third.total().open_flows, 3U);
  EXPECT_EQ(third.workers[1].clock_ns, 7);
  EXPECT_EQ(third.outputs[0].rows, 15U);
  EXPECT_EQ(third.counters[0].value, 30U);
  EXPECT_EQ(third.files->bytes_read, 300U);
  EXPECT_EQ(third.files->bytes_total, 3000U);
  EXPECT_EQ(third.files->inputs_begun, 3U);
}

}  // namespace
}  // namespace flowgauge
