#include "core/engine/output_set.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>

#include "core/base/text.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/output_place.h"

namespace flowgauge {
namespace {

std::int64_t wall_clock_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

Result<OutputSet> OutputSet::open(const Plan& plan, const Options& options) {
  OutputSet set;
  set.rows_ = options.rows;
  set.memory_error_ = out_of_memory(plan.rules.max_flows);
  const bool is_live = options.rows == Rows::kLive;
  for (std::size_t i = 0; i < plan.outputs.size(); ++i) {
    RunOutput& output = set.outputs_.emplace_back(plan, plan.outputs[i], options.paths[i],
                                                  RunOutput::Options{options.force, is_live, options.stop});
    if (auto opened = output.open(); !opened) {
      set.discard();
      return std::unexpected(opened.error());
    }
    if (is_live) output.begin(wall_clock_ns());
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

RunOutput::Note OutputSet::noting() {
  return [this](const Result<SinkState>& result) { note(result); };
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
  for (const ShardRun& run : runs) rows_made_ += run.count;
  return guarded([&] {
    for (std::size_t i = 0; i < outputs_.size() && state_ == OutputState::kOpen; ++i) {
      RunOutput& output = outputs_[i];
      const bool is_whole =
          rows_ == Rows::kLive ? output.series().rule().size_bytes == 0 : !output.series().is_series();
      runs_.clear();
      rows_in_runs_ = 0;
      is_whole ? write_all(output, i, runs) : write_file_by_file(output, i, runs);
    }
  });
}

void OutputSet::write_all(RunOutput& output, std::size_t index, std::span<const ShardRun> runs) {
  for (const ShardRun& run : runs) {
    runs_.push_back({run.rows->outputs[index].get(), run.first, run.count});
    rows_in_runs_ += run.count;
  }
  write_gathered(output);
}

// Where a file ends depends on the rows alone, of captures: not on how many come at a time.
void OutputSet::write_file_by_file(RunOutput& output, std::size_t index, std::span<const ShardRun> runs) {
  const auto begin_of = [](const ShardRun& run, std::size_t row) { return run.rows->order[row].clock_ns; };
  std::int64_t now_ns = rows_ == Rows::kLive ? wall_clock_ns() : 0;
  for (const ShardRun& run : runs) {
    const std::size_t end = run.first + run.count;
    for (std::size_t row = run.first; row < end && state_ == OutputState::kOpen;) {
      if (rows_ == Rows::kOfCaptures) {
        now_ns = begin_of(run, row);
        if (!output.series().has_begun()) output.begin(now_ns);
        if (output.series().is_due(now_ns)) {
          write_gathered(output);
          if (state_ == OutputState::kOpen) rotate(output, now_ns);
        }
      }
      // As many as are of this file for certain, and end where it is looked at.
      const std::size_t most = std::min(end - row, output.rows_until_look() - rows_in_runs_);
      std::size_t next = row + 1;
      while (next < row + most && (rows_ == Rows::kLive || !output.series().is_due(begin_of(run, next)))) ++next;
      runs_.push_back({run.rows->outputs[index].get(), row, next - row});
      rows_in_runs_ += next - row;
      row = next;
      if (rows_in_runs_ < output.rows_until_look()) continue;
      write_gathered(output);
      if (state_ == OutputState::kOpen && output.is_full()) rotate(output, now_ns);
    }
  }
  if (state_ == OutputState::kOpen) write_gathered(output);
}

void OutputSet::write_gathered(RunOutput& output) {
  if (!runs_.empty())
    timed(static_cast<std::size_t>(&output - outputs_.data()),
          [&] { return note(output.write(runs_, rows_in_runs_)) == OutputState::kOpen ? rows_in_runs_ : 0; });
  runs_.clear();
  rows_in_runs_ = 0;
}

OutputState OutputSet::write(const ShardRows& rows) {
  const ShardRun all{&rows, 0, rows.order.size()};
  return all.count > 0 ? write({&all, 1}) : state_;
}

OutputState OutputSet::flush(FlushReach reach) {
  if (state_ != OutputState::kOpen) return state_;
  const bool again = std::exchange(flushed_, true);
  if (again && reach != FlushReach::kAll) return state_;
  return guarded([&] {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      // Rows may wait in a sink for a place that went away.
      if (again && outputs_[i].planned().kind->place != SinkKind::Place::kOwn) continue;
      timed(i, [&] {
        note(outputs_[i].flush(reach));
        return std::uint64_t{0};
      });
    }
  });
}

void OutputSet::rotate(RunOutput& output, std::int64_t now_ns) {
  output.rotate(counted_so_far_ ? counted_so_far_() : Counted{}, now_ns, metadata_, noting());
  flushed_ = false;
}

OutputState OutputSet::rotate_due() {
  if (state_ != OutputState::kOpen) return state_;
  const std::int64_t now_ns = wall_clock_ns();
  return guarded([&] {
    for (RunOutput& output : outputs_)
      if (state_ == OutputState::kOpen && output.series().is_due(now_ns)) rotate(output, now_ns);
  });
}

OutputState OutputSet::rotate_all() {
  if (state_ != OutputState::kOpen) return state_;
  return guarded([&] {
    for (RunOutput& output : outputs_) {
      if (state_ != OutputState::kOpen) break;
      output.is_file() ? rotate(output, wall_clock_ns()) : void(note(output.flush(FlushReach::kAll)));
    }
  });
}

void OutputSet::discard() {
  for (RunOutput& output : outputs_) output.discard(noting());
}

OutputState OutputSet::finish(Finish how, const Counted& all) {
  if (state_ != OutputState::kOpen) how = Finish::kKeepPartial;
  for (RunOutput& output : outputs_) {
    guarded([&] {
      if (!output.series().has_begun()) output.begin(wall_clock_ns());
      output.finish(how, all, metadata_, noting());
    });
  }
  if (rows_ == Rows::kLive && error_ && error_->code == ExitCode::kOutput) guarded([&] { say_what_is_lost(); });
  return state_;
}

// Rows of captures can be made again.
void OutputSet::say_what_is_lost() {
  for (const RunOutput& output : outputs_) {
    const std::uint64_t kept = output.report().rows;
    if (kept < rows_made_)
      error_->message += fmt::format("; {} lost {} of {}", shown_place(output.path()),
                                     with_thousands(rows_made_ - kept), counted(rows_made_, "row"));
  }
}

std::vector<OutputStatus> OutputSet::status() const {
  std::vector<OutputStatus> status;
  for (std::size_t i = 0; i < outputs_.size(); ++i)
    status.push_back({outputs_[i].planned().schema.name, plain_place(outputs_[i].path()), clock_->rows(i),
                      outputs_[i].conditions().all()});
  return status;
}

void OutputSet::say_conditions() const {
  for (const RunOutput& output : outputs_) output.conditions().say_in_log();
}

void OutputSet::describe_writing(RunLag& lag) const {
  lag.in_write = clock_->under_way();
  lag.writing = clock_->spent() + lag.in_write;
  lag.written_output = clock_->output();
}

std::vector<OutputReport> OutputSet::report() const {
  std::vector<OutputReport> reports;
  for (const RunOutput& output : outputs_) reports.push_back(output.report());
  return reports;
}

}  // namespace flowgauge
