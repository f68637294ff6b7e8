#include "core/engine/run.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/capture_run.h"
#include "core/engine/report_file.h"
#include "core/engine/run_files.h"
#include "core/engine/run_parts.h"
#include "core/engine/stop_watch.h"
#include "core/engine/table_metadata.h"
#include "core/engine/table_paths.h"
#include "core/ingest/input_list.h"
#include "core/ingest/pcap_source.h"
#include "core/plugin/preflight.h"

namespace flowgauge {
namespace {

// Inputs that share flows, and the tables that their rows go to.
struct Streams {
  std::vector<std::vector<Input>> inputs;
  std::vector<TablePaths> tables;
};

Result<Streams> streams_of(const Plan& plan, OutputNaming naming, const std::vector<Input>& inputs) {
  if (naming == OutputNaming::kOnePerExporter) return Streams{{inputs}, {paths_as_planned(plan)}};
  auto tables = paths_per_input(plan, inputs);
  if (!tables) return std::unexpected(tables.error());
  Streams streams{{}, std::move(*tables)};
  for (const Input& input : inputs) streams.inputs.push_back({input});
  return streams;
}

// One stream of inputs through fresh shards into fresh outputs; what it did is added to the report.
class Stream {
 public:
  Stream(const Plan& plan, const RunRequest& request, StopRequest& stop, const Observer& observer)
      : plan_(plan), request_(request), stop_(stop), observer_(observer) {}

  // Fails before anything was read.
  Result<void> run(std::vector<Input> inputs, std::span<const std::string> paths, RunReport& report) {
    RunReport part;  // of this stream alone
    describe_inputs(inputs, part);
    describe_setup(plan_, part);
    PcapSourceOptions options{.inputs = std::move(inputs),
                              .filter = plan_.profile.packets.filter.value,
                              .parse = plan_.parse,
                              .clock = clock_rules(plan_.rules),
                              .max_packets = request_.max_packets,
                              .payload_bytes_wanted = payload_bytes_of(plan_.active)};
    auto source = PcapSource::create(std::move(options));
    if (!source)
      return std::unexpected(Error{source.error().code, plan_.profile.packets.filter.where() + source.error().message});
    std::vector<std::unique_ptr<Shard>> shards;
    for (std::uint32_t shard = 0; shard < plan_.threads; ++shard) {
      auto created = Shard::create(plan_, shard, plan_.threads);
      if (!created) return std::unexpected(created.error());
      shards.push_back(std::move(*created));
    }
    auto outputs = OutputSet::open(plan_, paths, request_.force);
    if (!outputs) return std::unexpected(outputs.error());

    const StopWatch watch(stop_, **source);
    const PipelineResult result = run_pipeline(plan_, **source, shards, *outputs, stop_, observer_);
    const bool whole = !result.interrupted && !result.plugin_error && (*source)->problems().empty();
    part.ledger = (*source)->ledger();
    part.ledger.leave_to_others(result.other_partition);
    part.counters = result.counters;
    if (plan_.labels) part.labels = label_report(*plan_.labels, result.counters.labels);
    outputs->finish(whole ? Finish::kComplete : Finish::kKeepPartial,
                    [&](const PlannedOutput& output, const OutputReport& table) {
                      return table_metadata(plan_, output, table, part);
                    });
    note(result, part.ledger, **source, *outputs, report);
    return {};
  }

 private:
  static void note(const PipelineResult& result, const Ledger& ledger, const Source& source, const OutputSet& outputs,
                   RunReport& report) {
    report.ledger += ledger;
    report.counters += result.counters;
    report.clock += source.clock();
    report.vlan_halves.add(result.vlan_halves);
    for (OutputReport& output : outputs.report()) report.outputs.push_back(std::move(output));
    report.warnings.insert(report.warnings.end(), source.warnings().begin(), source.warnings().end());
    report.problems.insert(report.problems.end(), source.problems().begin(), source.problems().end());
    if (outputs.error()) report.problems.push_back(*outputs.error());
    if (result.plugin_error) report.problems.push_back(*result.plugin_error);
    report.reader_gone = report.reader_gone || outputs.state() == OutputState::kClosed;
    // A failing output or plugin ends the run too; only without one was it a person's wish.
    report.interrupted =
        report.interrupted || (result.interrupted && !outputs.error() && !result.plugin_error && !report.reader_gone);
  }

  const Plan& plan_;
  const RunRequest& request_;
  StopRequest& stop_;
  const Observer& observer_;
};

}  // namespace

Result<RunReport> run(const RunRequest& request, StopRequest& stop, const Observer& observer) {
  const auto begin = std::chrono::steady_clock::now();
  auto planned = make_plan(request.profile, request.plugins, request.order_columns);
  if (!planned) return std::unexpected(planned.error());
  (*planned)->partitions = request.partitions;
  const Plan& plan = **planned;
  auto listed = expand_inputs(request.inputs);
  if (!listed) return std::unexpected(listed.error());
  for (const std::string& left_out : listed->left_out) log_info("{}", left_out);
  const auto streams = streams_of(plan, request.naming, listed->inputs);
  if (!streams) return std::unexpected(streams.error());
  if (auto checked = check_run_files(plan, listed->inputs, streams->tables, request.report_path, request.force);
      !checked)
    return std::unexpected(checked.error());
  if (auto tried = try_features(plan.active); !tried) return std::unexpected(tried.error());
  show_memory(plan);
  if (request.naming == OutputNaming::kOnePerInput)
    if (auto made = make_table_folders(plan); !made) return std::unexpected(made.error());
  auto report_file = ReportFile::open(request.report_path, request.force);
  if (!report_file) return std::unexpected(report_file.error());

  RunReport report;
  describe_inputs(listed->inputs, report);
  describe_setup(plan, report);
  Stream stream(plan, request, stop, observer);
  for (std::size_t i = 0; i < streams->inputs.size() && (i == 0 || !stop.requested()); ++i)
    if (auto done = stream.run(streams->inputs[i], streams->tables[i], report); !done) {
      if (i == 0) return std::unexpected(done.error());
      report.problems.push_back(done.error());  // rows of the inputs before it are there
      break;
    }
  complete_report(plan, begin, report);
  if (auto written = report_file->write(report); !written) report.not_written = written.error();
  return report;
}

}  // namespace flowgauge
