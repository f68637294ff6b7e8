#include "core/engine/capture_run.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/handle.h"
#include "core/base/log.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/output_set.h"
#include "core/engine/pipeline.h"
#include "core/engine/run_parts.h"
#include "core/engine/shard.h"
#include "core/engine/table_metadata.h"
#include "core/events/replay_source.h"
#include "core/ingest/pcap_source.h"

namespace flowgauge {
namespace {

// Passes a stop request on to a source that may be waiting for a pipe. Ends with its scope.
class StopWatch {
 public:
  StopWatch(const StopRequest& stop, Source& source) : done_(::eventfd(0, EFD_CLOEXEC)) {
    thread_ = std::jthread([&stop, &source, done = done_.get()] {
      pollfd waits[] = {{stop.descriptor(), POLLIN, 0}, {done, POLLIN, 0}};
      while (::poll(waits, 2, -1) < 0 && errno == EINTR) {
      }
      if (stop.requested()) source.interrupt();
    });
  }
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;
  ~StopWatch() {
    const std::uint64_t one = 1;
    if (::write(done_.get(), &one, sizeof one) < 0) log_debug("eventfd: {}", std::system_category().message(errno));
  }

 private:
  FileDescriptor done_;
  std::jthread thread_;
};

class CaptureRun final : public InputRun {
 public:
  CaptureRun(const Plan& plan, std::vector<Input> inputs, std::unique_ptr<Source> source,
             std::vector<std::unique_ptr<Shard>> shards, OutputSet outputs)
      : plan_(plan),
        inputs_(std::move(inputs)),
        source_(std::move(source)),
        shards_(std::move(shards)),
        outputs_(std::move(outputs)),
        guard_(plan.rules.max_flows) {}

  void run(StopRequest& stop, const Observer& observer, RunReport& report) override {
    RunReport part;  // of this stream alone: its tables' metadata
    PipelineResult result;
    if (!observer.steady) outputs_.say_conditions();
    guard_.step(result.error, [&] {
      describe_inputs(inputs_, part);
      describe_setup(plan_, part);
      outputs_.describe_by([&](const PlannedOutput& output, const OutputReport& table, const Counted& counted) {
        return table_metadata(plan_, output, table, part, counted);
      });
      result = pass_through(stop, observer);
      part.ledger = source_->ledger();
      part.ledger.leave_to_others(result.other_partition);
      part.counters = result.counters;
    });
    const bool whole = !result.interrupted && !result.error && source_->problems().empty();
    outputs_.say_conditions();  // from here on nobody watches
    outputs_.finish(whole ? Finish::kComplete : Finish::kKeepPartial, {part.ledger, part.counters});
    change_report(report, [&](RunReport& whole_run) { note(result, part.ledger, whole_run); });
  }

 private:
  PipelineResult pass_through(StopRequest& stop, const Observer& observer) {
    const StopWatch watch(stop, *source_);
    return run_pipeline(plan_, *source_, shards_, outputs_, stop, observer);
  }

  void note(const PipelineResult& result, const Ledger& ledger, RunReport& report) const {
    report.ledger += ledger;
    report.counters += result.counters;
    report.clock += source_->clock();
    report.vlan_halves.add(result.vlan_halves);
    for (OutputReport& output : outputs_.report()) report.outputs.push_back(std::move(output));
    report.warnings.insert(report.warnings.end(), source_->warnings().begin(), source_->warnings().end());
    report.problems.insert(report.problems.end(), source_->problems().begin(), source_->problems().end());
    add_problem(outputs_.error(), report);
    add_problem(result.error, report);
    report.reader_gone = report.reader_gone || outputs_.state() == OutputState::kClosed;
    // A failing output or plugin ends the run too; only without one was it a person's wish.
    report.interrupted =
        report.interrupted || (result.interrupted && !outputs_.error() && !result.error && !report.reader_gone);
  }

  const Plan& plan_;
  std::vector<Input> inputs_;
  std::unique_ptr<Source> source_;
  std::vector<std::unique_ptr<Shard>> shards_;
  OutputSet outputs_;
  MemoryGuard guard_;
};

Result<std::unique_ptr<Source>> source_of(const Plan& plan, const CaptureRunOptions& options) {
  const BytesWanted bytes = bytes_wanted_by(plan.active);
  if (!options.events.empty())
    return std::make_unique<ReplaySource>(ReplayOptions{.files = options.events,
                                                        .partitions = plan.partitions,
                                                        .rules = plan.rules,
                                                        .fragment_scope = plan.parse.fragment_scope,
                                                        .has_bytes = bytes.any(),
                                                        .names = &plan.place->interfaces});
  auto source = PcapSource::create({.inputs = options.inputs,
                                    .filter = plan.profile.packets.filter.value,
                                    .parse = plan.parse,
                                    .clock = clock_rules(plan.rules),
                                    .max_packets = options.max_packets,
                                    .bytes = bytes,
                                    .names = &plan.place->interfaces});
  if (!source)
    return std::unexpected(Error{source.error().code, plan.profile.packets.filter.where() + source.error().message});
  return std::move(*source);
}

}  // namespace

void describe_inputs(std::span<const Input> inputs, RunReport& report) {
  for (const Input& input : inputs) report.inputs.push_back({input.path, input.size_bytes});
}

Result<std::unique_ptr<InputRun>> open_capture_run(const Plan& plan, CaptureRunOptions options) {
  auto source = source_of(plan, options);
  if (!source) return std::unexpected(source.error());
  std::vector<std::unique_ptr<Shard>> shards;
  for (std::uint32_t shard = 0; shard < plan.threads; ++shard) {
    auto created = Shard::create(plan, shard, plan.threads);
    if (!created) return std::unexpected(created.error());
    shards.push_back(std::move(*created));
  }
  auto outputs = OutputSet::open(plan, {options.paths, options.force, OutputSet::Rows::kOfCaptures, options.stop});
  if (!outputs) return std::unexpected(outputs.error());
  return std::make_unique<CaptureRun>(plan, std::move(options.inputs), std::move(*source), std::move(shards),
                                      std::move(*outputs));
}

}  // namespace flowgauge
