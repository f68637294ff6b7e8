// What a session and its streams share. Session is the face of it: there each call is bound to the session's log, and
// out of memory becomes an error.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/input_run.h"
#include "core/engine/pulled_output.h"
#include "core/engine/session.h"
#include "core/events/event_folder.h"

namespace flowgauge {

class MemoryGuard;

class SessionState {
 public:
  SessionState(SessionSpec spec, std::unique_ptr<Plan> plan, std::chrono::steady_clock::time_point begin);
  SessionState(const SessionState&) = delete;
  SessionState& operator=(const SessionState&) = delete;
  // No stream is left: a run that goes on is interrupted and waited for.
  ~SessionState();

  [[nodiscard]] Log* log() const { return spec_.log.get(); }
  [[nodiscard]] StopRequest& stop() { return spec_.stop == nullptr ? own_stop_ : *spec_.stop; }
  [[nodiscard]] const Plan& plan() const { return *plan_; }
  [[nodiscard]] std::span<const Input> captures() const { return captures_; }

  Result<void> add_captures(std::span<const std::string> paths);
  Result<void> add_events(const std::string& folder);
  Result<void> add_interface(const std::string& name);
  Result<void> prepare();
  Result<void> write_events(const EventTask& task, const EventFileWritten& written);
  Result<void> run(const RunTables& tables);
  [[nodiscard]] Result<RunReport> report() const;

  Result<PulledOutput*> pull(std::size_t output, const StreamOptions& options);
  Result<void> start();  // from any thread; once it has begun, or could not begin, again the same
  void release(PulledOutput& pulled);

 private:
  enum class Phase { kOpen, kRunning, kDone };

  [[nodiscard]] Phase phase() const;
  void set_phase(Phase phase);
  Result<void> be_open() const;
  Result<void> be_ready() const;
  Result<void> begin();
  Result<void> begin_streams();
  LiveHost live_host() const;
  Result<std::unique_ptr<InputRun>> open_run(std::vector<Input> inputs, std::span<const std::string> paths, bool force);
  Result<void> run_streams_of(const RunTables& tables);
  void run_to_the_end(InputRun& run);
  Result<void> direct_to_queues();
  SinkState take(PulledOutput& pulled, ArrowArray batch);
  void run_pulled(MemoryGuard& guard);
  [[nodiscard]] bool is_unread() const;  // every stream is released
  void complete();
  [[nodiscard]] std::optional<Error> failure() const;

  SessionSpec spec_;
  std::unique_ptr<Plan> plan_;
  std::chrono::steady_clock::time_point begin_;
  StopRequest own_stop_;
  std::vector<Input> captures_;  // or event files
  std::vector<EventFileEntry> events_;
  std::vector<std::string> interfaces_;
  bool is_prepared_ = false;
  RunReport report_;  // of the thread that runs, until the run is done

  mutable std::mutex mutex_;  // of the next two
  Phase phase_ = Phase::kOpen;
  std::size_t streams_open_ = 0;

  std::mutex start_mutex_;  // of the next two
  std::optional<Result<void>> started_;
  std::jthread thread_;  // that runs what is pulled

  std::vector<std::unique_ptr<PulledOutput>> pulled_;
  std::vector<SinkKind> kinds_;  // of the pulled outputs
  std::unique_ptr<InputRun> input_run_;
};

}  // namespace flowgauge
