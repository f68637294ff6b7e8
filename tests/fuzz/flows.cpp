// Packets to rows: flow table, features and schemas. One worker over long blocks, one over blocks of a single packet,
// and three must make the same rows, of a capture file and live. An input is a byte that says which, one that
// chooses a profile, six of rules, and the packets.
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

std::vector<Row> rows_of(const flowgauge::Plan& plan, const MadePackets& packets, Source source,
                         std::size_t block_events, std::uint32_t workers) {
  std::vector<std::unique_ptr<RowWorker>> made;
  for (std::uint32_t number = 0; number < workers; ++number)
    made.push_back(std::make_unique<RowWorker>(plan, number, workers));
  for (const flowgauge::EventBlock& block : blocks_of(packets, plan, source, block_events))
    for (const auto& worker : made) {
      worker->process(block);
      if (source == Source::kAskedLive && block.clock_ns != flowgauge::kNoClock) worker->snapshot();
    }
  const auto places = source == Source::kAskedLive ? RowWorker::Places::kAny : RowWorker::Places::kInOrder;
  std::vector<Row> rows;
  std::uint64_t in_flows = 0;
  for (const auto& worker : made) {
    worker->end(rows, places);
    in_flows += worker->packets();
  }
  must_hold(in_flows == packets.events().size(), "each packet is in a flow");
  std::ranges::sort(rows);
  must_hold(places == RowWorker::Places::kAny || std::ranges::adjacent_find(rows, {}, &Row::order) == rows.end(),
            "no two rows have the same place");
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputBytes input(data, size);
  const auto source = static_cast<Source>(input.below(3));
  flowgauge::Plan& plan = flowgauge::test::chosen_plan(input);
  plan.rules = flowgauge::test::rules_of(input);
  const MadePackets packets(input);
  const std::vector<Row> rows = rows_of(plan, packets, source, SIZE_MAX, 1);
  must_hold(rows_of(plan, packets, source, 1, 1) == rows, "blocks of a packet make the same rows");
  must_hold(rows_of(plan, packets, source, 2, 3) == rows, "three workers make the same rows");
  if (!rows.empty()) flowgauge::test::note_taken();
  return 0;
}
