// The outputs of a run as one: each gets the same rows in the same order. The first failure latches; later rows are
// not written; out of memory is one. Single-threaded.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/plan.h"
#include "core/engine/run_status.h"
#include "core/engine/shard_rows.h"
#include "core/engine/writing_clock.h"
#include "core/output/destination.h"
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

  // Rows in output order. None are written any more once an output failed or was closed.
  OutputState write(std::span<const ShardRun> runs);
  OutputState write(const ShardRows& rows);  // all of them
  // What was written so far reaches those who read along. Costs nothing where nothing was.
  OutputState flush(FlushReach reach);
  // The run does not begin after all: as if the outputs had never been opened.
  void discard();
  // `metadata` makes the text that lies beside a table; it is asked once for each that has one, after the table's end.
  using Metadata = std::function<std::string(const PlannedOutput&, const OutputReport&)>;
  OutputState finish(Finish how, const Metadata& metadata);

  // The run is out of memory: nothing is written any more.
  void fail_for_memory() noexcept;

  // kClosed: whoever read an output went away, which ends the run quietly.
  [[nodiscard]] OutputState state() const { return state_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::vector<OutputReport> report() const;
  // While the run goes on, from any thread.
  [[nodiscard]] std::vector<OutputStatus> status() const;
  // How long the writing takes. From any thread.
  void describe_writing(RunLag& lag) const;

 private:
  struct Output {
    const PlannedOutput* planned;
    std::string path;
    std::unique_ptr<RowSink> sink;
    std::unique_ptr<Destination> metadata;  // null: none is wanted
    bool complete = false;
  };

  Result<void> add(const Plan& plan, const PlannedOutput& planned, const std::string& path, const Options& options);
  static OutputReport report_of(const Output& output);
  template <class Work>
  void timed(std::size_t output, const Work& work);
  void finish_metadata(Output& output, const Metadata& metadata);
  OutputState note(const Result<SinkState>& result);
  template <class Work>
  OutputState guarded(const Work& work);
  void finish(std::size_t output, Finish how, const Metadata& metadata);

  bool force_ = false;
  std::vector<Output> outputs_;
  std::unique_ptr<WritingClock> clock_;
  std::vector<RowRun> runs_;  // of one output
  bool flushed_ = false;      // at first there are column names
  OutputState state_ = OutputState::kOpen;
  std::optional<Error> error_;
  std::optional<Error> memory_error_;  // made beforehand
};

}  // namespace flowgauge
