// One run inside a process: capture files or interfaces in, rows out - into tables, or as Arrow record batches that the
// caller pulls. The program is a user of it, and so is the C API.
//
//   Session::open(spec) -> add_captures() or add_interfaces() -> run(tables)                                -> report()
//                                                             or stream(output, ...) for some, pull batches -> report()
//
// It touches no signal, no standard stream and no setting of the process: messages go to the log of the spec, what goes
// wrong is an Error with its kind. It starts no process but for the trial of plugins, as the spec says. Several
// sessions in one process do not know each other.
//
// Threads: one thread at a time uses a session; interrupt() may be called from any, and each stream by a thread of its
// own. Out of memory ends a run in order (kMemory): rows so far are there, as after any failure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/log.h"
#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/event_run.h"
#include "core/engine/interface_run.h"
#include "core/engine/observer.h"
#include "core/engine/plan.h"
#include "core/engine/pulled_output.h"
#include "core/engine/table_paths.h"
#include "core/ingest/input_list.h"
#include "core/live/live_source.h"
#include "core/output/arrow_abi.h"
#include "core/plugin/preflight.h"
#include "core/report/run_report.h"

namespace flowgauge {

class SessionState;

struct SessionSpec {
  Profile profile;      // its exporters are the outputs: at least one
  PluginPaths plugins;  // of its trials, kFork is for programs without threads; libraries take kSpawn

  std::uint64_t max_packets = 0;  // of capture files: frames of each stream; live: see LiveLimits. 0: all
  PartitionSet partitions = PartitionSet::all();  // of capture files: whose flows are kept
  OrderColumns order_columns = OrderColumns::kNone;
  std::vector<std::string> columns;      // those that the only output has, in this order; none: all
  std::chrono::nanoseconds duration{0};  // of a live run; 0: until it is interrupted

  std::shared_ptr<Log> log;  // called from all threads of the run; null: nothing is said
  Observer observer;  // called on the thread that writes rows: of run() the calling one, of streams the session's
  StopRequest* stop = nullptr;      // takes the place of its own: a signal's; outlives session and streams
  RunRequests* requests = nullptr;  // what a live run is asked for meanwhile; outlives session and streams

  LiveHost live_host;  // its on_attached may give up privileges; the rest is for tests
};

// Where the tables of a run belong. Where one is a pipe, the process ignores SIGPIPE: that is its own matter.
struct RunTables {
  // For each stream of inputs, a path for each output. One stream: all inputs share their flows. As many as there are
  // captures: each capture is a stream, with flows of its own.
  std::vector<TablePaths> paths;
  bool force = false;  // replace files that exist
};

class Session {
 public:
  // Loads plugins, binds schemas: what is wrong with the profile is found here, without any input.
  [[nodiscard]] static Result<Session> open(SessionSpec spec);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  // Streams that were made live on; without any, a run that goes on is interrupted and waited for.
  ~Session();

  // Columns, modules, rules. Until the run begins it has all outputs; then those that are written or pulled.
  [[nodiscard]] const Plan& plan() const;
  // By the name of its schema; where several have it, the first. The error names those there are.
  [[nodiscard]] Result<std::size_t> find_output(std::string_view schema) const;

  // Files, folders, "-": expand_inputs(). May be called again. A session has captures or interfaces.
  [[nodiscard]] Result<void> add_captures(std::span<const std::string> paths);
  // The event files of a folder, of all captures of a job: a session has these or captures.
  [[nodiscard]] Result<void> add_events(const std::string& folder);
  // An interface that is there and up.
  [[nodiscard]] Result<void> add_interface(const std::string& name);
  // Or the event files.
  [[nodiscard]] std::span<const Input> captures() const;

  // Tries the plugins, as the spec says, and looks whether this process may capture. run() and streams do it else.
  [[nodiscard]] Result<void> prepare();

  // An event file of each capture, instead of a run, or before it; blocks. See event_run.h.
  [[nodiscard]] Result<void> write_events(const EventTask& task, const EventFileWritten& written);

  // All outputs into tables; blocks, on the calling thread. The error is what kept the run from starting; once it has
  // started there is a report, whatever happened.
  [[nodiscard]] Result<void> run(const RunTables& tables);

  // An output as record batches. Its schema is there at once. The run begins with start(), or the first batch that is
  // asked for of any stream, on a thread of the session's own; streams are made before that. Outputs without a stream
  // are not computed. The run stays at most `batches_ahead` before each stream: streams of several outputs are pulled
  // in turns, or by a thread each; one that is released early no longer counts.
  // The streams together hold what they need: the session may be destroyed before them. A stream that is released early
  // drops its rows; with the last of them the run is interrupted and waited for.
  // Each stream ends after the last row; where the run failed or was interrupted, with an error (errno_of() in
  // arrow_stream.h) that says what. An interrupt is the good end of a live run.
  [[nodiscard]] Result<void> stream(std::size_t output, const StreamOptions& options, ArrowArrayStream& out);
  // Begins the run of the streams: from here on packets are caught. Else the first get_next does it.
  [[nodiscard]] Result<void> start();

  // Ends a run early, in order, or keeps it from beginning. From any thread and any signal handler; stays.
  void interrupt() noexcept;

  // What the run did, with the exit code and the problems that a program would end with. Of streams: once each has come
  // to its end or is released; until then an error.
  [[nodiscard]] Result<RunReport> report() const;

 private:
  explicit Session(std::shared_ptr<SessionState> state);

  std::shared_ptr<SessionState> state_;
};

}  // namespace flowgauge
