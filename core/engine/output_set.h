// The outputs of a run as one: each gets the same rows in the same order. The first failure latches; later rows are
// not written; out of memory is one. Single-threaded.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/plan.h"
#include "core/engine/run_output.h"
#include "core/engine/run_status.h"
#include "core/engine/shard_rows.h"
#include "core/engine/writing_clock.h"
#include "core/report/output_report.h"
#include "core/table/row_sink.h"

namespace flowgauge {

enum class OutputState { kOpen, kClosed, kFailed };

class OutputSet {
 public:
  enum class Rows : std::uint8_t { kOfCaptures, kLive };
  struct Options {
    std::span<const std::string> paths;  // one for each of the plan's outputs
    bool force = false;                  // replace existing files
    Rows rows = Rows::kOfCaptures;
    const StopRequest* stop = nullptr;  // ends the wait for a reader of a named pipe
  };
  // All are opened, or none: after an error no file is left.
  [[nodiscard]] static Result<OutputSet> open(const Plan& plan, const Options& options);

  // `metadata` makes the text that lies beside a table, of each file's own part of what was counted.
  using Metadata = RunOutput::Metadata;
  void describe_by(Metadata metadata) { metadata_ = std::move(metadata); }
  // What was counted so far, for files that end while the run goes on. Null: none do.
  using CountedSoFar = std::function<Counted()>;
  void count_by(CountedSoFar counted_so_far) { counted_so_far_ = std::move(counted_so_far); }

  // Rows in output order. None are written any more once an output failed or was closed.
  OutputState write(std::span<const ShardRun> runs);
  OutputState write(const ShardRows& rows);  // all of them
  // What was written so far reaches those who read along. Costs nothing where nothing was.
  OutputState flush(FlushReach reach);
  // Live: files end whose interval is over, or which are full.
  OutputState rotate_due();
  // All files end, and the next ones begin.
  OutputState rotate_all();
  // The run does not begin after all: as if the outputs had never been opened.
  void discard();
  OutputState finish(Finish how, const Counted& all);

  // The run is out of memory: nothing is written any more.
  void fail_for_memory() noexcept;

  // kClosed: whoever read an output went away, which ends the run quietly.
  [[nodiscard]] OutputState state() const { return state_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::vector<OutputReport> report() const;
  // While the run goes on, from any thread.
  [[nodiscard]] std::vector<OutputStatus> status() const;
  // Where nobody watches, the log says from now on what sinks tell is wrong.
  void say_conditions() const;
  // How long the writing takes. From any thread.
  void describe_writing(RunLag& lag) const;

 private:
  template <class Work>
  void timed(std::size_t output, const Work& work);
  OutputState note(const Result<SinkState>& result);
  template <class Work>
  OutputState guarded(const Work& work);
  void write_all(RunOutput& output, std::size_t index, std::span<const ShardRun> runs);
  void write_file_by_file(RunOutput& output, std::size_t index, std::span<const ShardRun> runs);
  void write_gathered(RunOutput& output);
  void rotate(RunOutput& output, std::int64_t now_ns);
  [[nodiscard]] RunOutput::Note noting();
  void say_what_is_lost();

  Rows rows_ = Rows::kOfCaptures;
  std::vector<RunOutput> outputs_;
  std::unique_ptr<WritingClock> clock_;
  Metadata metadata_;
  CountedSoFar counted_so_far_;
  std::vector<RowRun> runs_;  // of one output
  std::uint64_t rows_in_runs_ = 0;
  std::uint64_t rows_made_ = 0;  // that write() was given
  bool flushed_ = false;         // at first there are column names
  OutputState state_ = OutputState::kOpen;
  std::optional<Error> error_;
  std::optional<Error> memory_error_;  // made beforehand
};

}  // namespace flowgauge
