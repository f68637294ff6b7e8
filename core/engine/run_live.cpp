#include "core/engine/run_live.h"

#include <malloc.h>

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/report_file.h"
#include "core/engine/run_files.h"
#include "core/engine/run_parts.h"
#include "core/engine/run_status.h"
#include "core/engine/table_metadata.h"
#include "core/engine/table_paths.h"
#include "core/host/capabilities.h"
#include "core/host/interfaces.h"
#include "core/host/offloads.h"
#include "core/host/privileges.h"
#include "core/plugin/preflight.h"

namespace flowgauge {
namespace {

// A table that is built anew gives back what it was: glibc else keeps ever larger arrays for itself, and a run of weeks
// has its memory grow by whole tables.
void give_large_arrays_back() {
#ifdef M_MMAP_THRESHOLD
  constexpr int kLargeBytes = 1 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargeBytes);
  ::mallopt(M_TRIM_THRESHOLD, 2 * kLargeBytes);  // as glibc has it when it sets both itself
#endif
}

// What is wrong with an interface, before anything is opened; and what its offloads do to the rows.
Result<void> look_at_interfaces(const LiveRequest& request) {
  const auto traffic = request.profile.live.ingress_only ? WatchedTraffic::kIngress : WatchedTraffic::kBothDirections;
  for (const std::string& name : request.interfaces) {
    const auto interface = find_live_interface(name);
    if (!interface) return std::unexpected(interface.error());
    const auto offloads = read_offloads(name);
    const std::string warning =
        offloads ? offload_warning(*interface, *offloads, relevant_traffic(*interface, traffic)) : "";
    if (!warning.empty()) log_warning("{}", warning);
  }
  return {};
}

// Packets in flight keep their shards apart; every shard is made before the first packet.
Result<std::vector<std::unique_ptr<Shard>>> make_shards(const Plan& plan, std::uint32_t lanes) {
  std::vector<std::unique_ptr<Shard>> shards;
  for (std::uint32_t lane = 0; lane < lanes; ++lane) {
    auto shard = Shard::create_for_lane(plan, lane, lanes);
    if (!shard) return std::unexpected(shard.error());
    shards.push_back(std::move(*shard));
  }
  return shards;
}

struct Opened {
  std::unique_ptr<LiveSource> source;
  std::vector<std::unique_ptr<Shard>> shards;
};

Result<Opened> open_source(const Plan& plan, const LiveRequest& request, const OpenLive& open,
                           const OnAttached& on_attached) {
  auto source = open(live_options(plan, request.interfaces));
  if (!source) return std::unexpected(source.error());
  if (auto done = on_attached(**source); !done) return std::unexpected(done.error());
  auto shards = make_shards(plan, (*source)->lanes());
  if (!shards) return std::unexpected(shards.error());
  return Opened{std::move(*source), std::move(*shards)};
}

void note(const LiveResult& result, const LiveSource& source, RunReport& report) {
  report.live = LiveReport{source.description(), result.end, source.counters()};
  report.ledger = {ledger_of(report.live->counters), {}};
  report.counters = result.counters;
  report.vlan_halves.add(result.vlan_halves);
  report.threads = source.lanes();
  if (result.end == LiveEnd::kInterfacesLost)
    report.problems.push_back({ExitCode::kInput,
                               "no interface is left that packets could come from; the rows are those of all that came "
                               "before"});
  if (std::string lost = loss_text(*report.live); !lost.empty()) report.warnings.push_back(std::move(lost));
}

void note_failures(const LiveResult& result, const OutputSet& outputs, RunReport& report) {
  for (OutputReport& output : outputs.report()) report.outputs.push_back(std::move(output));
  if (outputs.error()) report.problems.push_back(*outputs.error());
  if (result.plugin_error) report.problems.push_back(*result.plugin_error);
  report.reader_gone = outputs.state() == OutputState::kClosed;
}

}  // namespace

Result<RunReport> run_live_plan(const Plan& plan, const LiveRequest& request, const OpenLive& open,
                                const OnAttached& on_attached, const StopRequest& stop,
                                const AllInterfacesLost& all_lost, const Observer& observer) {
  const auto begin = std::chrono::steady_clock::now();
  RunReport report;
  for (const std::string& interface : request.interfaces) report.inputs.push_back({interface, 0});
  describe_setup(plan, report);
  const std::vector<TablePaths> tables = {paths_as_planned(plan)};
  if (auto checked = check_run_files(plan, {}, tables, request.report_path, request.force); !checked)
    return std::unexpected(checked.error());
  auto report_file = ReportFile::open(request.report_path, request.force);
  if (!report_file) return std::unexpected(report_file.error());
  auto outputs = OutputSet::open(plan, tables.front(), request.force);
  if (!outputs) return std::unexpected(outputs.error());
  auto opened = open_source(plan, request, open, on_attached);
  if (!opened) {
    outputs->discard();
    return std::unexpected(opened.error());
  }
  const LiveSource& source = *opened->source;
  log_info("capturing from {}: {}", join(request.interfaces), source.description());

  const LiveResult result =
      run_live_pipeline(plan, *opened->source, opened->shards, *outputs, stop, request.limits, all_lost, observer);
  note(result, source, report);
  if (plan.labels) report.labels = label_report(*plan.labels, result.counters.labels);
  outputs->finish(result.plugin_error ? Finish::kKeepPartial : Finish::kComplete,
                  [&](const PlannedOutput& output, const OutputReport& table) {
                    return table_metadata(plan, output, table, report);
                  });
  note_failures(result, *outputs, report);
  complete_report(plan, begin, report);
  if (auto written = report_file->write(report); !written) report.not_written = written.error();
  return report;
}

Result<RunReport> run_live(const LiveRequest& request, const StopRequest& stop, const Observer& observer) {
  auto planned = make_plan(request.profile, request.plugins);
  if (!planned) return std::unexpected(planned.error());
  const Plan& plan = **planned;
  if (auto looked = look_at_interfaces(request); !looked) return std::unexpected(looked.error());
  if (auto tried = try_features(plan.active); !tried) return std::unexpected(tried.error());
  if (auto checked = check_privileges(request.profile.live.capture); !checked) return std::unexpected(checked.error());
  show_memory(plan);
  give_large_arrays_back();
  auto watch = InterfaceWatch::open(request.interfaces);
  if (!watch) return std::unexpected(watch.error());
  const auto all_lost = [&watch] {
    for (const InterfaceChange& change : watch->check()) log_warning("{}", message_for(change));
    return watch->all_lost();
  };
  const auto drop = [](const LiveSource& source) { return drop_capabilities(source.still_needed()); };
  return run_live_plan(plan, request, open_live_source, drop, stop, all_lost, observer);
}

}  // namespace flowgauge
