// Packets to rows: flow table, features and schemas. One worker over one block, one worker over blocks of a
// single packet, and three workers must make the same rows. An input is a byte
// that chooses a profile, six of rules, and the packets.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/plan.h"
#include "core/engine/shard.h"
#include "core/flow/flow_key.h"
#include "core/profile/profile_reader.h"
#include "tests/fuzz/cell_block.h"
#include "tests/fuzz/made_packets.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::kNsPerSecond;
using flowgauge::test::InputBytes;
using flowgauge::test::must_hold;

// Of a profile, its rows as CellBlock.
std::unique_ptr<flowgauge::Plan> plan_of(const char* name) {
  const std::vector<std::string> folders = {FLOWGAUGE_SOURCE_DIR "/configs"};
  const auto profile = flowgauge::load_profile(name, folders);
  must_hold(profile.has_value(), "the profile is right");
  flowgauge::PluginPaths plugins{.directories = {FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins"}};
  plugins.trial.how = flowgauge::PluginTrial::How::kNone;
  auto plan = flowgauge::make_plan(*profile, plugins);
  must_hold(plan.has_value(), "the plan is right");
  static const flowgauge::SinkKind cells{
      .name = "cells",
      .ending = {},
      .has_header = false,
      .make_block = [](auto) { return std::make_unique<flowgauge::test::CellBlock>(); },
      .open = {}};
  for (flowgauge::PlannedOutput& output : (*plan)->outputs) output.kind = &cells;
  return std::move(*plan);
}

flowgauge::Plan& chosen_plan(InputBytes& input) {
  static const std::array plans = {plan_of("basic"),     plan_of("cic"),   plan_of("cidds"), plan_of("nfstream"),
                                   plan_of("rustiflow"), plan_of("nf_v3"), plan_of("cesnet")};
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
  bool operator==(const Row&) const = default;
};

class Worker {
 public:
  Worker(const flowgauge::Plan& plan, std::uint32_t number, std::uint32_t workers) {
    auto shard = flowgauge::Shard::create(plan, number, workers);
    must_hold(shard.has_value(), "features are created");
    shard_ = std::move(*shard);
  }

  void process(const flowgauge::EventBlock& block) { shard_->process(block, take_); }
  void end(std::vector<Row>& rows) {
    shard_->drain(take_);
    shard_->close();
    must_hold(!shard_->error(), "no feature fails");
    const auto counters = shard_->counters();
    must_hold(counters.packets_in_rows == counters.flows.packets, "each packet is in a row");
    const auto is_earlier = [](const Row& a, const Row& b) { return a.order < b.order; };
    must_hold(std::ranges::is_sorted(rows_, is_earlier), "rows come in order");
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

std::vector<std::int64_t> clocks_of(const flowgauge::LifeCycle& rules, const std::vector<packet_event>& events) {
  std::vector<std::int64_t> clocks;
  flowgauge::RunClock clock(flowgauge::clock_rules(rules));
  const auto take = [&](std::span<const std::int64_t> settled) {
    clocks.insert(clocks.end(), settled.begin(), settled.end());
  };
  for (const packet_event& event : events) take(clock.take_in(event.timestamp_ns));
  take(clock.finish());
  must_hold(clocks.size() == events.size(), "each packet has its reading");
  return clocks;
}

std::vector<Row> rows_of(const flowgauge::Plan& plan, const std::vector<packet_event>& events, std::size_t block_events,
                         std::uint32_t workers) {
  const auto clocks = clocks_of(plan.rules, events);
  std::vector<std::unique_ptr<Worker>> made;
  for (std::uint32_t number = 0; number < workers; ++number)
    made.push_back(std::make_unique<Worker>(plan, number, workers));
  for (std::size_t begin = 0; begin < events.size(); begin += block_events) {
    flowgauge::EventBlock block;
    block.begin();
    for (std::size_t at = begin; at < std::min(events.size(), begin + block_events); ++at) {
      block.events.push_back(events[at]);
      block.add_frame(at, events[at]);
      block.clocks.push_back(clocks[at]);
    }
    flowgauge::assign_partitions(block, plan.rules.flow_key);
    for (const auto& worker : made) worker->process(block);
  }
  std::vector<Row> rows;
  std::uint64_t packets = 0;
  for (const auto& worker : made) {
    worker->end(rows);
    packets += worker->packets();
  }
  must_hold(packets == events.size(), "each packet is in a flow");
  std::ranges::sort(rows, [](const Row& a, const Row& b) { return a.order < b.order; });
  must_hold(std::ranges::adjacent_find(rows, {}, &Row::order) == rows.end(), "no two rows have the same place");
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputBytes input(data, size);
  flowgauge::Plan& plan = chosen_plan(input);
  plan.rules = rules_of(input);
  const flowgauge::test::MadePackets packets(input);
  const auto& events = packets.events();
  const std::vector<Row> rows = rows_of(plan, events, events.size() + 1, 1);
  must_hold(rows_of(plan, events, 1, 1) == rows, "blocks of a packet make the same rows");
  must_hold(rows_of(plan, events, 2, 3) == rows, "three workers make the same rows");
  return 0;
}
