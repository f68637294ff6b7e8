// Packets to rows: flow table, features and schemas. One worker over long blocks, one over blocks of a single packet,
// and three must make the same rows and counts, of a capture file and live. An input is a byte that says which, one
// that chooses a profile, six of rules, and the packets.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/plan.h"
#include "core/flow/flow_key.h"
#include "tests/fuzz/chosen_plan.h"
#include "tests/fuzz/made_packets.h"
#include "tests/fuzz/row_worker.h"
#include "tests/fuzz/target.h"
#include "tests/support/clock_readings.h"

namespace {

using flowgauge::test::InputBytes;
using flowgauge::test::MadePackets;
using flowgauge::test::must_hold;
using flowgauge::test::Row;
using flowgauge::test::RowsMade;
using flowgauge::test::RowWorker;

// What a source makes of packets: of a capture file a clock that goes with them, live one that is told now and then and
// that may be set.
// Asked: somebody wants rows of open flows, whenever the clock is told.
enum class Source { kFile, kLive, kAskedLive };

// Of so many packets each, at most.
std::vector<flowgauge::EventBlock> blocks_of(const MadePackets& packets, const flowgauge::Plan& plan, Source source,
                                             std::size_t block_events) {
  constexpr std::size_t kClockEvery = 8;  // packets
  const flowgauge::BytesWanted wanted = flowgauge::bytes_wanted_by(plan.active);
  const auto& events = packets.events();
  std::vector<std::int64_t> clocks;
  if (source == Source::kFile) {
    clocks = flowgauge::test::clock_readings(plan.rules, events);
    must_hold(clocks.size() == events.size(), "each packet has its reading");
  }
  std::vector<flowgauge::EventBlock> blocks;
  bool is_cut = true;
  for (std::size_t at = 0; at < events.size(); ++at) {
    const std::int64_t step_ns = source != Source::kFile ? packets.steps_ns()[at] : 0;
    if (is_cut || step_ns != 0 || blocks.back().events.size() == block_events) blocks.emplace_back();
    flowgauge::EventBlock& block = blocks.back();
    if (step_ns != 0) block.step_ns = step_ns;
    if (source != Source::kFile) block.ring_drops = (at + kClockEvery - 1) / kClockEvery;  // one more each time
    block.events.push_back(events[at]);
    if (wanted.any()) flowgauge::test::add_bytes(at, wanted, block);
    block.add_frame(at, events[at]);
    if (source == Source::kFile) block.clocks.push_back(clocks[at]);
    is_cut = source != Source::kFile && at % kClockEvery == 0;
    if (is_cut) block.clock_ns = events[at].timestamp_ns;
  }
  for (flowgauge::EventBlock& block : blocks) flowgauge::assign_partitions(block, plan.rules.flow_key);
  return blocks;
}

RowsMade rows_of(const flowgauge::Plan& plan, const MadePackets& packets, Source source, std::size_t block_events,
                 std::uint32_t workers) {
  std::vector<std::unique_ptr<RowWorker>> all;
  for (std::uint32_t number = 0; number < workers; ++number)
    all.push_back(std::make_unique<RowWorker>(plan, number, workers));
  for (const flowgauge::EventBlock& block : blocks_of(packets, plan, source, block_events))
    for (const auto& worker : all) {
      worker->process(block);
      if (source == Source::kAskedLive && block.clock_ns != flowgauge::kNoClock) worker->snapshot();
    }
  const auto places = source == Source::kAskedLive ? RowWorker::Places::kAny : RowWorker::Places::kInOrder;
  RowsMade made;
  for (const auto& worker : all) worker->end(made, places);
  must_hold(made.counters.flows.packets == packets.events().size(), "each packet is in a flow");
  std::ranges::sort(made.rows);
  must_hold(
      places == RowWorker::Places::kAny || std::ranges::adjacent_find(made.rows, {}, &Row::order) == made.rows.end(),
      "no two rows have the same place");
  return made;
}

void check_same(const RowsMade& made, const RowsMade& others, std::int64_t idle_timeout_ns, const char* rows_are_same) {
  must_hold(others.rows == made.rows, rows_are_same);
  must_hold(others.counters == made.counters, "the same rows have the same counts");
  must_hold(others.halves.find(idle_timeout_ns) == made.halves.find(idle_timeout_ns), "halves are halves of all");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputBytes input(data, size);
  const auto source = static_cast<Source>(input.below(3));
  flowgauge::Plan& plan = flowgauge::test::chosen_plan(input);
  plan.rules = flowgauge::test::rules_of(input);
  const MadePackets packets(input);
  const RowsMade made = rows_of(plan, packets, source, SIZE_MAX, 1);
  const std::int64_t idle_ns = plan.rules.idle_timeout_ns;
  check_same(made, rows_of(plan, packets, source, 1, 1), idle_ns, "blocks of a packet make the same rows");
  check_same(made, rows_of(plan, packets, source, 2, 3), idle_ns, "three workers make the same rows");
  if (!made.rows.empty()) flowgauge::test::note_taken();
  return 0;
}
