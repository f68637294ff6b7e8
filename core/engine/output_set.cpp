#include "core/engine/output_set.h"

#include <filesystem>
#include <new>
#include <utility>

#include "core/base/host_path.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/table_metadata.h"
#include "core/engine/table_notes.h"

namespace flowgauge {

Result<OutputSet> OutputSet::open(const Plan& plan, const Options& options) {
  OutputSet set;
  set.force_ = options.force;
  set.memory_error_ = out_of_memory(plan.rules.max_flows);
  for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
    if (auto added = set.add(plan, plan.outputs[i], options.paths[i], options); !added) {
      set.discard();
      return std::unexpected(added.error());
    }
  }
  set.clock_ = std::make_unique<WritingClock>(set.outputs_.size());
  return set;
}

// `work` gives the rows that the output has taken.
template <class Work>
void OutputSet::timed(std::size_t output, const Work& work) {
  clock_->begin(output);
  clock_->end(output, work());
}

Result<void> OutputSet::add(const Plan& plan, const PlannedOutput& planned, const std::string& path,
                            const Options& options) {
  const auto refused = [&](const Error& error) {
    return std::unexpected(Error{error.code, planned.path.where() + error.message});
  };
  auto sink = planned.kind->open({.path = path,
                                  .columns = planned.columns,
                                  .header = planned.header,
                                  .force = force_,
                                  .is_live = options.rows == Rows::kLive,
                                  .stop = options.stop,
                                  .notes = [&] { return table_notes(plan, planned); }});
  if (!sink) return refused(sink.error());
  Output& output = outputs_.emplace_back(&planned, path, std::move(*sink), nullptr);
  if (!planned.metadata) return {};
  if (output.sink->location() == path)
    return fail(ExitCode::kOutput, "{}: is a device or a pipe, which no metadata can lie beside; name a file", path);
  auto metadata = Destination::open(path + std::string(kMetadataSuffix), force_);
  if (!metadata) return refused(metadata.error());
  output.metadata = std::move(*metadata);
  return {};
}

OutputState OutputSet::note(const Result<SinkState>& result) {
  if (!result && result.error().code == ExitCode::kMemory && result.error().message.empty()) {
    fail_for_memory();  // of a thread of a sink, which has no sentence for it
  } else if (!result) {
    state_ = OutputState::kFailed;
    if (!error_) error_ = result.error();
  } else if (*result == SinkState::kClosed && state_ == OutputState::kOpen) {
    state_ = OutputState::kClosed;
  }
  return state_;
}

void OutputSet::fail_for_memory() noexcept {
  state_ = OutputState::kFailed;
  if (!error_) error_ = std::exchange(memory_error_, std::nullopt);
}

// A row that is in one output and not in another is no matter then: the table is not complete.
template <class Work>
OutputState OutputSet::guarded(const Work& work) {
  try {
    work();
  } catch (const std::bad_alloc&) {
    fail_for_memory();
  }
  return state_;
}

OutputState OutputSet::write(std::span<const ShardRun> runs) {
  if (runs.empty()) return state_;
  flushed_ = false;
  std::uint64_t rows = 0;
  for (const ShardRun& run : runs) rows += run.count;
  return guarded([&] {
    for (std::size_t i = 0; i < outputs_.size() && state_ == OutputState::kOpen; ++i) {
      runs_.clear();
      for (const ShardRun& run : runs) runs_.push_back({run.rows->outputs[i].get(), run.first, run.count});
      timed(i, [&] { return note(outputs_[i].sink->write(runs_)) == OutputState::kOpen ? rows : 0; });
    }
  });
}

OutputState OutputSet::write(const ShardRows& rows) {
  const ShardRun all{&rows, 0, rows.order.size()};
  return all.count > 0 ? write({&all, 1}) : state_;
}

OutputState OutputSet::flush(FlushReach reach) {
  if (flushed_ || state_ != OutputState::kOpen) return state_;
  flushed_ = true;
  return guarded([&] {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      timed(i, [&] {
        note(outputs_[i].sink->flush(reach));
        return std::uint64_t{0};
      });
    }
  });
}

void OutputSet::discard() {
  for (Output& output : outputs_) {
    note(output.sink->finish(Finish::kDiscard, nullptr));
    if (output.metadata != nullptr) note(output.metadata->finish(Finish::kDiscard));
  }
}

// Like the table itself: under its own name if the table is whole, as PATH.part if not.
void OutputSet::finish_metadata(Output& output, const Metadata& metadata) {
  if (output.metadata == nullptr) {
    // What an earlier run wrote there is of a table that is no more.
    std::error_code error;
    if (force_ && output.complete)
      std::filesystem::remove(host_path(output.path + std::string(kMetadataSuffix)), error);
    return;
  }
  note(output.metadata->write(metadata(*output.planned, report_of(output))));
  note(output.metadata->finish(output.complete ? Finish::kComplete : Finish::kKeepPartial));
}

OutputState OutputSet::finish(Finish how, const Metadata& metadata) {
  if (state_ != OutputState::kOpen) how = Finish::kKeepPartial;
  for (std::size_t i = 0; i < outputs_.size(); ++i) guarded([&] { finish(i, how, metadata); });
  return state_;
}

void OutputSet::finish(std::size_t number, Finish how, const Metadata& metadata) {
  Output& output = outputs_[number];
  const auto account = [&] {
    OutputReport expected = report_of(output);
    expected.rows = clock_->rows(number);
    expected.complete = how == Finish::kComplete;
    expected.is_written = false;
    if (expected.complete && !is_standard_output(output.path)) expected.location = output.path;
    return metadata(*output.planned, expected);
  };
  const auto finished = output.sink->finish(how, account);
  note(finished);
  output.complete = how == Finish::kComplete && finished && *finished == SinkState::kOpen;
  finish_metadata(output, metadata);
}

OutputReport OutputSet::report_of(const Output& output) {
  const BoundSchema& schema = output.planned->schema;
  return {schema.name,
          schema.version,
          output.sink->location(),
          output.sink->rows(),
          output.complete,
          schema.left_out,
          output.path,
          output.metadata == nullptr ? "" : output.metadata->location()};
}

std::vector<OutputStatus> OutputSet::status() const {
  std::vector<OutputStatus> status;
  for (std::size_t i = 0; i < outputs_.size(); ++i)
    status.push_back({outputs_[i].planned->schema.name, outputs_[i].path, clock_->rows(i)});
  return status;
}

void OutputSet::describe_writing(RunLag& lag) const {
  lag.in_write = clock_->under_way();
  lag.writing = clock_->spent() + lag.in_write;
  lag.written_output = clock_->output();
}

std::vector<OutputReport> OutputSet::report() const {
  std::vector<OutputReport> reports;
  for (const Output& output : outputs_) reports.push_back(report_of(output));
  return reports;
}

}  // namespace flowgauge
