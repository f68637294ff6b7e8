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
#include "core/engine/shard.h"
#include "core/flow/flow_key.h"
#include "core/packet/parse/copied.h"
#include "core/profile/profile_reader.h"
#include "tests/fuzz/cell_block.h"
#include "tests/fuzz/made_packets.h"
#include "tests/fuzz/target.h"
#include "tests/support/clock_readings.h"

namespace {

using flowgauge::kNsPerSecond;
using flowgauge::test::InputBytes;
using flowgauge::test::MadePackets;
using flowgauge::test::must_hold;

flowgauge::PluginPaths plugin_paths() {
  // Beside those of the project two of its tests: what ABI 1.1 added, and whatever a batch may show of a packet.
  flowgauge::PluginPaths paths{
      .directories = {FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins", FLOWGAUGE_BINARY_DIR "/tests/app/plugins"}};
  paths.trial.how = flowgauge::PluginTrial::How::kNone;
  return paths;
}

// Its rows as CellBlock.
std::unique_ptr<flowgauge::Plan> plan_of(const flowgauge::Result<flowgauge::Profile>& profile) {
  if (!profile) std::fprintf(stderr, "%s\n", profile.error().message.c_str());
  must_hold(profile.has_value(), "the profile is right");
  auto plan = flowgauge::make_plan(*profile, plugin_paths());
  if (!plan) std::fprintf(stderr, "%s\n", plan.error().message.c_str());
  must_hold(plan.has_value(), "the plan is right");
  static const flowgauge::SinkKind cells{
      .name = "cells",
      .ending = {},
      .has_header = false,
      .make_block = [](auto) { return std::make_unique<flowgauge::test::CellBlock>(); },
      .open = {}};
  for (flowgauge::PlannedOutput& output : (*plan)->outputs) output.kind = &cells;
  for (const char* const interface : {"a", "b"}) (void)(*plan)->place->interfaces.add(interface);
  return std::move(*plan);
}

std::unique_ptr<flowgauge::Plan> plan_of_file(const char* name) {
  const std::vector<std::string> folders = {FLOWGAUGE_SOURCE_DIR "/configs"};
  return plan_of(flowgauge::load_profile(name, folders));
}

// All columns of the features that `has` names; of a series its deviation.
template <class Has>
std::unique_ptr<flowgauge::Plan> plan_of_columns(Has has) {
  static std::vector<std::string> refusals;
  static const auto all = flowgauge::load_all_plugins(plugin_paths(), refusals);
  std::string features;
  std::string columns = "exporters:\n  - columns:\n";
  for (const flowgauge::Feature* const feature : all->catalog.features()) {
    if (!has(std::string_view(feature->name))) continue;
    if (feature->module != nullptr)
      features += "  - {name: " + feature->name + ", module: " + feature->module->path + "}\n";
    for (const fg_column& column : feature->columns)
      columns += "      - " + feature->name + "." + column.name + (column.type == FG_SERIES ? ".std\n" : "\n");
  }
  if (!features.empty()) features.insert(0, "features:\n");
  return plan_of(flowgauge::parse_profile(features + columns, "all.yaml", {}));
}

bool ends_flows(std::string_view feature) { return feature == "choosy_udp" || feature == "modern_ender"; }
bool may_stand_in_rows_of_flows(std::string_view feature) {
  return feature != "packet" && !feature.starts_with("revealing") && feature != "modern_liar";
}

flowgauge::Plan& chosen_plan(InputBytes& input) {
  static const std::array plans = {
      plan_of_file("basic"),
      plan_of_file("cic"),
      plan_of_file("cidds"),
      plan_of_file("nfstream"),
      plan_of_file("rustiflow"),
      plan_of_file("nf_v3"),
      plan_of_file("cesnet"),
      plan_of_columns([](auto name) { return may_stand_in_rows_of_flows(name) && !ends_flows(name); }),
      plan_of_columns([](auto name) { return name == "flow" || ends_flows(name); }),
      plan_of_columns([](auto name) { return name == "packet"; })};
  return *plans[input.below(plans.size())];
}

flowgauge::LifeCycle rules_of(InputBytes& input) {
  constexpr std::array<std::int64_t, 8> kTimes = {
      0, 1, 1'000'000, kNsPerSecond, 5 * kNsPerSecond, 120 * kNsPerSecond, 600 * kNsPerSecond, 3600 * kNsPerSecond};
  const auto choices = input.take<std::uint8_t>();
  flowgauge::LifeCycle rules;
  if ((choices & 1) != 0) rules.direction = flowgauge::DirectionRule::kFirstPacket;
  if ((choices & 2) != 0) rules.continuation = flowgauge::Continuation::kFresh;
  if ((choices & 4) != 0) rules.tcp_close = flowgauge::TcpClose::kImmediate;
  if ((choices & 8) != 0) rules.tcp_reuse = flowgauge::TcpReuse::kMerge;
  rules.flow_key = static_cast<flowgauge::KeyRule>((choices >> 4 & 3) % 3);
  rules.max_flows = (choices & 0x80) != 0 ? flowgauge::kPartitions : 1'000'000;
  rules.idle_timeout_ns = kTimes[input.below(kTimes.size())];
  rules.active_timeout_ns = kTimes[input.below(kTimes.size())];
  rules.linger_ns = kTimes[input.below(kTimes.size())];
  rules.clock_jump_ns = kTimes[input.below(kTimes.size())];
  // A snapshot each second of a run over centuries would be all there is.
  const auto early = input.take<std::uint8_t>();
  if ((early & 1) != 0) rules.early_export_ns = (early >> 1) * 60 * kNsPerSecond;
  return rules;
}

struct Row {
  flowgauge::ReleaseOrder order;
  std::string cells;  // of all tables
  auto operator<=>(const Row&) const = default;
};

class Worker {
 public:
  Worker(const flowgauge::Plan& plan, std::uint32_t number, std::uint32_t workers) {
    auto shard = flowgauge::Shard::create(plan, number, workers);
    must_hold(shard.has_value(), "features are created");
    shard_ = std::move(*shard);
  }

  void process(const flowgauge::EventBlock& block) { shard_->process(block, take_); }
  void snapshot() { shard_->snapshot(take_); }
  // Their rows are added to `rows`, which have no place among them where somebody asked for some.
  enum class Places : std::uint8_t { kInOrder, kAny };
  void end(std::vector<Row>& rows, Places places) {
    shard_->drain(take_);
    shard_->close();
    must_hold(!shard_->error(), "no feature fails");
    const auto counters = shard_->counters();
    must_hold(counters.packets_in_rows == counters.flows.packets, "each packet is in a row");
    const auto is_earlier = [](const Row& a, const Row& b) { return a.order < b.order; };
    must_hold(places == Places::kAny || std::ranges::is_sorted(rows_, is_earlier), "rows come in order");
    std::ranges::move(rows_, std::back_inserter(rows));
  }
  [[nodiscard]] std::uint64_t packets() const { return shard_->counters().flows.packets; }

 private:
  std::unique_ptr<flowgauge::Shard> shard_;
  std::vector<Row> rows_;
  const flowgauge::Shard::RowsReady take_ = [this](flowgauge::ShardRows& rows, flowgauge::Shard::Portion) {
    for (std::size_t row = 0; row < rows.order.size(); ++row) {
      rows_.push_back({rows.order[row], {}});
      for (const auto& output : rows.outputs)
        rows_.back().cells += static_cast<const flowgauge::test::CellBlock&>(*output).bytes(row);
    }
  };
};

// What a source makes of packets: of a capture file a clock that goes with them, live one that is told now and then and
// that may be set.
// Asked: somebody wants rows of open flows, whenever the clock is told.
enum class Source { kFile, kLive, kAskedLive };

// Of the newest event: headers and payload, no two bytes of which are the same by chance.
void add_bytes(std::size_t frame, const flowgauge::BytesWanted& wanted, flowgauge::EventBlock& block) {
  packet_event& event = block.events.back();
  const std::uint32_t headers = wanted.headers ? packet_header_bytes(&event) : 0;
  std::vector<std::uint8_t> bytes(headers + std::min(event.payload_length_bytes, wanted.payload_bytes));
  for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<std::uint8_t>(frame * 31 + at * 7);
  block.add_bytes(bytes.data(), static_cast<std::uint32_t>(bytes.size()), event);
}

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
    block.events.push_back(events[at]);
    if (wanted.any()) add_bytes(at, wanted, block);
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
  std::vector<std::unique_ptr<Worker>> made;
  for (std::uint32_t number = 0; number < workers; ++number)
    made.push_back(std::make_unique<Worker>(plan, number, workers));
  for (const flowgauge::EventBlock& block : blocks_of(packets, plan, source, block_events))
    for (const auto& worker : made) {
      worker->process(block);
      if (source == Source::kAskedLive && block.clock_ns != flowgauge::kNoClock) worker->snapshot();
    }
  const auto places = source == Source::kAskedLive ? Worker::Places::kAny : Worker::Places::kInOrder;
  std::vector<Row> rows;
  std::uint64_t in_flows = 0;
  for (const auto& worker : made) {
    worker->end(rows, places);
    in_flows += worker->packets();
  }
  must_hold(in_flows == packets.events().size(), "each packet is in a flow");
  std::ranges::sort(rows);
  must_hold(places == Worker::Places::kAny || std::ranges::adjacent_find(rows, {}, &Row::order) == rows.end(),
            "no two rows have the same place");
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputBytes input(data, size);
  const auto source = static_cast<Source>(input.below(3));
  flowgauge::Plan& plan = chosen_plan(input);
  plan.rules = rules_of(input);
  const MadePackets packets(input);
  const std::vector<Row> rows = rows_of(plan, packets, source, SIZE_MAX, 1);
  must_hold(rows_of(plan, packets, source, 1, 1) == rows, "blocks of a packet make the same rows");
  must_hold(rows_of(plan, packets, source, 2, 3) == rows, "three workers make the same rows");
  if (!rows.empty()) flowgauge::test::note_taken();
  return 0;
}
