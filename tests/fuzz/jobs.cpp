// Packets to rows by event files: two captures, each written as events, and replayed in two parts of the partitions,
// must make the rows and counts of one run over both. An input is a byte that says where the second capture begins, one
// that says how the partitions are parted, and what flows.cpp has from its second byte on.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/events/event_file_writer.h"
#include "core/events/replay_source.h"
#include "core/flow/flow_key.h"
#include "core/packet/fragment_table.h"
#include "core/plugin/feature_set.h"
#include "tests/fuzz/chosen_plan.h"
#include "tests/fuzz/made_packets.h"
#include "tests/fuzz/own_folder.h"
#include "tests/fuzz/row_worker.h"
#include "tests/support/clock_readings.h"

namespace {

using flowgauge::EventBlock;
using flowgauge::test::InputBytes;
using flowgauge::test::MadePackets;
using flowgauge::test::must_hold;
using flowgauge::test::RowsMade;
using flowgauge::test::RowWorker;

// Of the packets from `begin` to `end`, whose first frame is `first` in the block; fragments are not joined.
EventBlock block_of(const MadePackets& packets, std::size_t begin, std::size_t end, const flowgauge::Plan& plan) {
  const flowgauge::BytesWanted wanted = flowgauge::bytes_wanted_by(plan.active);
  EventBlock block;
  for (std::size_t at = begin; at < end; ++at) {
    block.events.push_back(packets.events()[at]);
    if (wanted.any()) flowgauge::test::add_bytes(at, wanted, block);
    block.add_frame(at - begin, block.events.back());
  }
  return block;
}

RowsMade rows_of_one_run(const MadePackets& packets, const flowgauge::Plan& plan) {
  EventBlock block = block_of(packets, 0, packets.events().size(), plan);
  block.clocks = flowgauge::test::clock_readings(plan.rules, packets.events());
  flowgauge::FragmentTable fragments(flowgauge::fragment_scope_of(plan.rules.flow_key));
  for (std::size_t at = 0; at < block.events.size(); ++at) fragments.join(block.events[at], block.clocks[at]);
  flowgauge::assign_partitions(block, plan.rules.flow_key, plan.rules.partition_seed());
  RowWorker worker(plan, 0, 1);
  worker.process(block);
  RowsMade made;
  worker.end(made, RowWorker::Places::kInOrder);
  return made;
}

flowgauge::EventFileEntry write_capture(const std::string& folder, std::uint32_t number, const EventBlock& block,
                                        const flowgauge::Plan& plan) {
  auto writer = flowgauge::EventFileWriter::open(folder, {.number = number, .count = 2}, plan.rules.flow_key,
                                                 plan.rules.partition_seed());
  must_hold(writer && (*writer)->add(block), "events can be written");
  flowgauge::Ledger ledger;
  ledger.frames_read = ledger.by_reason[PACKET_ACCEPTED] = block.events.size();
  must_hold((*writer)->finish(ledger, "", plan.place->interfaces).has_value(), "an event file can be finished");
  return {.path = (*writer)->path(), .size_bytes = (*writer)->bytes_written(), .capture = {}, .problem = {}};
}

void replay(const std::vector<flowgauge::EventFileEntry>& files, const flowgauge::PartitionSet& partitions,
            flowgauge::Plan& plan, RowsMade& made) {
  plan.partitions = partitions;
  const std::uint8_t fragment_scope = flowgauge::fragment_scope_of(plan.rules.flow_key);
  flowgauge::ReplaySource source({.files = files,
                                  .partitions = partitions,
                                  .rules = plan.rules,
                                  .fragment_scope = fragment_scope,
                                  .has_bytes = flowgauge::bytes_wanted_by(plan.active).any(),
                                  .names = &plan.place->interfaces});
  RowWorker worker(plan, 0, 1);
  EventBlock block;
  for (bool more = true; more;) {
    more = source.read(block) == flowgauge::SourceState::kMore;
    worker.process(block);
  }
  must_hold(source.problems().empty(), "what was written can be read");
  must_hold(worker.packets() == source.ledger().accepted(), "each packet is in a flow");
  worker.end(made, RowWorker::Places::kInOrder);
  plan.partitions = flowgauge::PartitionSet::all();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const flowgauge::test::OwnFolder folder;
  InputBytes input(data, size);
  const auto cut = input.take<std::uint8_t>();
  const auto parting = input.take<std::uint8_t>();
  flowgauge::Plan& plan = flowgauge::test::chosen_plan(input);
  plan.rules = flowgauge::test::rules_of(input);
  const MadePackets packets(input);
  const std::size_t all = packets.events().size();
  const std::size_t second = std::min<std::size_t>(cut, all);
  const std::vector<flowgauge::EventFileEntry> files = {
      write_capture(folder.path("."), 1, block_of(packets, 0, second, plan), plan),
      write_capture(folder.path("."), 2, block_of(packets, second, all, plan), plan)};

  flowgauge::PartitionSet parts[2];
  for (unsigned partition = 0; partition < flowgauge::kPartitions; ++partition)
    parts[(partition ^ parting) % 3 == 0 ? 0 : 1].add(static_cast<std::uint8_t>(partition));
  RowsMade made;
  for (const flowgauge::PartitionSet& part : parts) replay(files, part, plan, made);
  std::ranges::sort(made.rows);
  const RowsMade of_one_run = rows_of_one_run(packets, plan);
  must_hold(made.rows == of_one_run.rows, "replayed packets make the rows of one run");
  must_hold(made.counters == of_one_run.counters, "replayed packets are counted as those of one run");
  if (!made.rows.empty()) flowgauge::test::note_taken();
  return 0;
}
