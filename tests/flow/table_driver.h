// Runs events through flow tables and tells, in release order, what became of them - as one line a row, so that a test
// compares all that matters at once:
//
//   10.0.0.1:1000>10.0.0.2:80 0ns+120s 2/1 idle_timeout none syn seg0
//   source     > destination, first seen + duration, packets there/back, end, close style, direction basis, segment;
//   then, where they hold: hs (handshake completed), reset_before_hs, reset_after_hs, ooo=N (out of order), frag=N,
//   snapshot
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/flow/flow_table.h"
#include "core/packet/event.h"
#include "core/packet/event_block.h"

namespace flowgauge::test {

using Rows = std::vector<std::string>;

// Whole numbers of the largest unit that fits: "120s", "1ms", "120000000001ns".
std::string time_text(std::int64_t ns);

// Event i is frame i of the run, and moves its clock as in a capture file. Runs them in one block by one shard, then in
// blocks of a single event by one shard, then by three shards whose rows are merged; the three must agree, which the
// function checks.
Rows rows_of(const LifeCycle& rules, const std::vector<packet_event>& events);

// The rows of rows_of() without addresses and times: "client 3/2 reuse none syn seg0" where 10.0.0.1 is the source,
// else "server 3/2 ...".
Rows brief(const LifeCycle& rules, const std::vector<packet_event>& events);

// A named sequence of packets and its brief rows, for tests that are tables of them.
struct LifeCase {
  const char* name;
  std::vector<packet_event> packets;
  Rows rows;
};
std::string name_of_case(const testing::TestParamInfo<LifeCase>& info);

// As the driver above by one shard, with each row's place: "frame 3 sweep 125s" before the line. The time is a reading
// of the run's clock.
Rows releases_of(const LifeCycle& rules, const std::vector<packet_event>& events);

// A block of a live lane: "what came, then the clock was there".
struct LiveBlock {
  std::vector<packet_event> events;
  std::int64_t clock_ns = kNoClock;
  std::int64_t step_ns = 0;
  std::vector<std::int64_t> clocks = {};  // of capture files: where each event leaves the clock
};

// As releases_of(), but of a live lane; events are numbered on from block to block.
Rows releases_of(const LifeCycle& rules, const std::vector<LiveBlock>& blocks);

}  // namespace flowgauge::test
