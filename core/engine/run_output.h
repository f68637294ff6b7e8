// One output of a run: its table and what lies beside it; where it is rotated, the files one after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/counted.h"
#include "core/engine/file_series.h"
#include "core/engine/plan.h"
#include "core/output/destination.h"
#include "core/report/output_report.h"
#include "core/table/row_sink.h"

namespace flowgauge {

class RunOutput {
 public:
  struct Options {
    bool force = false;  // replace existing files
    bool is_live = false;
    const StopRequest* stop = nullptr;  // ends the wait for a reader of a named pipe
  };
  // Makes the text that lies beside a file, or in it, of what was counted for it.
  using Metadata = std::function<std::string(const PlannedOutput&, const OutputReport&, const Counted&)>;
  using Note = std::function<void(const Result<SinkState>&)>;

  RunOutput(const Plan& plan, const PlannedOutput& planned, std::string path, const Options& options);

  [[nodiscard]] Result<void> open();
  // The first file of several begins; the next ones do where rotate() says so.
  void begin(std::int64_t now_ns) { series_.begin(now_ns); }
  [[nodiscard]] const FileSeries& series() const { return series_; }
  // Not a device, a pipe, or what a sink makes of its path.
  [[nodiscard]] bool is_file() const { return is_file_; }

  [[nodiscard]] Result<SinkState> write(std::span<const RowRun> runs, std::uint64_t rows);
  [[nodiscard]] Result<SinkState> flush(FlushReach reach) { return sink_->flush(reach); }
  // Rows that the file can take until it is to be looked at again: at the same rows, however they come.
  [[nodiscard]] std::size_t rows_until_look() const;
  [[nodiscard]] bool is_full() const;

  // Ends the file and opens the next. After a failure, or where its reader is gone, there is no next.
  void rotate(const Counted& all, std::int64_t now_ns, const Metadata& metadata, const Note& note);
  void finish(Finish how, const Counted& all, const Metadata& metadata, const Note& note);
  void discard(const Note& note);

  [[nodiscard]] const PlannedOutput& planned() const { return *planned_; }
  [[nodiscard]] OutputReport report() const;
  [[nodiscard]] const std::string& path() const { return path_; }
  // What its sinks say is wrong, of all files in turn. Its address stays.
  [[nodiscard]] SinkConditions& conditions() const { return *conditions_; }

 private:
  using Next = FileSeries::Next;
  [[nodiscard]] Result<void> open_metadata();
  [[nodiscard]] ExistingFile existing() const { return options_.force ? ExistingFile::kReplace : planned_->existing; }
  [[nodiscard]] bool appends() const { return existing() == ExistingFile::kAppend && !series_.is_series(); }
  [[nodiscard]] bool name_follows() const { return series_.is_series() || files_ != 0; }
  void close(Finish how, Next next, const Counted& all, const Metadata& metadata, const Note& note);
  void close_metadata(const std::string& text, const Note& note);
  [[nodiscard]] OutputReport report_of_file() const;

  const Plan* plan_;
  const PlannedOutput* planned_;
  std::string path_;
  Options options_;
  FileSeries series_;
  std::shared_ptr<SinkConditions> conditions_;
  std::unique_ptr<RowSink> sink_;
  std::unique_ptr<Destination> metadata_;  // null: none is wanted
  bool is_open_ = false;
  bool is_file_ = false;
  bool is_counted_ = false;  // in what stands below
  bool complete_ = false;
  std::uint64_t rows_taken_ = 0;  // of this file
  // Of the files before it.
  std::uint64_t files_ = 0;
  std::uint64_t files_deleted_ = 0;
  std::uint64_t rows_before_ = 0;
  Counted counted_before_;
};

}  // namespace flowgauge
