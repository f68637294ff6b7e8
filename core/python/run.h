// A session with its one stream, as Python uses it: any thread may call, one at a time gets rows. Nothing of it needs
// the lock; who destroys it must not hold it, since that waits for the run's thread.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "core/api/flowgauge.h"
#include "core/python/callbacks.h"

namespace flowgauge::python {

// Of a function of the library that failed. 0: none did; kOfReport: what the report's exit code says.
struct Problem {
  static constexpr unsigned kOfReport = 255;
  unsigned status = FLOWGAUGE_OK;
  std::string text;

  explicit operator bool() const { return status != FLOWGAUGE_OK; }
};

class Run {
 public:
  explicit Run(std::unique_ptr<Callbacks> callbacks);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();

  [[nodiscard]] Problem open(flowgauge_options& options);
  // A function of the library, with the session and a place for the error.
  [[nodiscard]] Problem call(const std::function<flowgauge_status(flowgauge_session*, flowgauge_error**)>& function);
  [[nodiscard]] Problem open_stream(const char* schema, flowgauge_numbers numbers, std::uint64_t batch_rows);

  // Begins the run, and gives the next batch; without a release it is the end.
  [[nodiscard]] Problem next(ArrowArray& batch);
  [[nodiscard]] Problem start();
  [[nodiscard]] int schema(ArrowSchema& schema);
  void interrupt() { flowgauge_session_interrupt(session_); }
  // No row is wanted any more: waits for the run's thread. Then there is a report.
  void end();
  [[nodiscard]] bool is_ended() const { return is_ended_; }
  // Of this process: before the interpreter goes.
  static void end_all();

  [[nodiscard]] bool has_stream() const { return has_stream_; }
  [[nodiscard]] Callbacks& callbacks() { return *callbacks_; }
  // A copy of this process, made by fork, has no thread that would make rows.
  [[nodiscard]] bool is_of_this_process() const;

 private:
  std::unique_ptr<Callbacks> callbacks_;  // outlives the others
  std::mutex mutex_;                      // of the stream
  ArrowArrayStream stream_{};
  std::atomic<bool> has_stream_ = false;
  std::atomic<bool> is_ended_ = false;
  flowgauge_session* session_ = nullptr;
  pid_t process_;
};

// Lets go of a run, with the lock or without.
void drop(std::shared_ptr<Run> run);

// A stream of the run's batches, for readers of others. Its memory is the caller's.
void export_run(std::shared_ptr<Run> run, ArrowArrayStream& out);

}  // namespace flowgauge::python
