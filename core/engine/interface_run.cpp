#include "core/engine/interface_run.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/output_set.h"
#include "core/engine/run_parts.h"
#include "core/engine/shard.h"
#include "core/engine/table_metadata.h"

namespace flowgauge {
namespace {

std::uint32_t event_bytes_of(const Plan& plan) {
  const bool has_macs = uses(plan, EventPart::kMacs) || (needs_of(plan.active) & FG_NEEDS_KEY) != 0;
  if (has_macs || bytes_wanted_by(plan.active).any()) return sizeof(packet_event);
  return uses(plan, EventPart::kOuterAddresses) ? PACKET_EVENT_OUTER_BYTES : PACKET_EVENT_CORE_BYTES;
}

class InterfaceRun final : public InputRun {
 public:
  InterfaceRun(const Plan& plan, InterfaceRunOptions options, std::unique_ptr<StopRequest> ending,
               std::unique_ptr<LiveSource> source, OutputSet outputs)
      : plan_(plan),
        options_(std::move(options)),
        ending_(std::move(ending)),
        outputs_(std::move(outputs)),
        source_(std::move(source)),
        guard_(plan.rules.max_flows) {}

  // Packets in flight keep their shards apart; every shard is made before the first packet.
  Result<void> prepare() {
    for (std::uint32_t lane = 0; lane < source_->lanes(); ++lane) {
      auto shard = Shard::create_for_lane(plan_, lane, source_->lanes());
      if (!shard) return std::unexpected(shard.error());
      shards_.push_back(std::move(*shard));
    }
    log_info("capturing from {}: {}", join(options_.interfaces), source_->description());
    return {};
  }
  void discard() { outputs_.discard(); }

  void run(StopRequest& stop, const Observer& observer, RunReport& report) override {
    LiveResult result;
    if (!observer.steady) outputs_.say_conditions();
    guard_.step(result.error, [&] {
      outputs_.describe_by([&](const PlannedOutput& output, const OutputReport& table, const Counted& counted) {
        return table_metadata(plan_, output, table, report, counted);
      });
      result = run_live_pipeline(plan_, *source_, shards_, outputs_, {stop, *ending_, options_.requests},
                                 options_.limits, observer);
    });
    change_report(report, [&](RunReport& changed) { note(result, changed); });
    outputs_.say_conditions();  // from here on nobody watches
    outputs_.finish(result.error ? Finish::kKeepPartial : Finish::kComplete, {report.ledger, report.counters});
    change_report(report, [&](RunReport& changed) { note_failures(result, changed); });
  }

 private:
  void note(const LiveResult& result, RunReport& report) const {
    report.live = LiveReport{source_->description(), result.end, source_->counters(), source_->mapped_twice_bytes()};
    report.ledger = {ledger_of(report.live->counters), {}};
    report.counters = result.counters;
    report.vlan_halves.add(result.vlan_halves);
    report.threads = source_->lanes();
    if (plan_.labels) report.labels = label_report(*plan_.labels, result.counters.labels);
    if (result.end == LiveEnd::kInterfacesLost)
      report.problems.push_back(
          {ExitCode::kInput, "all interfaces are gone or down; the rows are of all packets that came before"});
    if (result.detached) report.problems.push_back(*result.detached);
    if (std::string blind = blind_text(*report.live); !blind.empty()) report.warnings.push_back(std::move(blind));
    if (std::string lost = loss_text(*report.live); !lost.empty()) report.warnings.push_back(std::move(lost));
  }

  void note_failures(const LiveResult& result, RunReport& report) const {
    for (OutputReport& output : outputs_.report()) report.outputs.push_back(std::move(output));
    add_problem(outputs_.error(), report);
    add_problem(result.error, report);
    report.reader_gone = outputs_.state() == OutputState::kClosed;
  }

  const Plan& plan_;
  const InterfaceRunOptions options_;
  std::unique_ptr<StopRequest> ending_;  // that the outputs look at
  OutputSet outputs_;
  std::unique_ptr<LiveSource> source_;
  std::vector<std::unique_ptr<Shard>> shards_;
  MemoryGuard guard_;
};

}  // namespace

Result<std::unique_ptr<InputRun>> open_interface_run(const Plan& plan, InterfaceRunOptions options) {
  auto source = TRY(options.host.open(live_options(plan, options.interfaces)));
  if (options.host.on_attached) TRY(options.host.on_attached(*source));
  auto ending = std::make_unique<StopRequest>(options.stop);
  auto outputs = TRY(OutputSet::open(plan, {options.paths, options.force, OutputSet::Rows::kLive, ending.get()}));
  auto run = std::make_unique<InterfaceRun>(plan, std::move(options), std::move(ending), std::move(source),
                                            std::move(outputs));
  if (auto prepared = run->prepare(); !prepared) {
    run->discard();
    return std::unexpected(prepared.error());
  }
  return run;
}

LiveOptions live_options(const Plan& plan, const std::vector<std::string>& interfaces) {
  LiveOptions options{plan.profile.live};
  options.interfaces = interfaces;
  options.parse = plan.parse;
  options.filter = plan.profile.packets.filter.value;
  options.bytes = bytes_wanted_by(plan.active);
  options.event_bytes = event_bytes_of(plan);
  options.ring_seed = plan.rules.partition_seed();
  options.names = &plan.place->interfaces;
  return options;
}

}  // namespace flowgauge
