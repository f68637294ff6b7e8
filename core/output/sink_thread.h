// The thread that a plugin's sink works on: rows wait for it in a bounded queue, so that a slow place holds up the run
// only once the queue is full, and its work is done beside the run's. One thread at a time uses it.
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/base/result.h"
#include "core/output/arrow_abi.h"
#include "core/plugin/sink_instance.h"
#include "core/table/row_sink.h"

namespace flowgauge {

class SinkThread {
 public:
  static constexpr std::size_t kBatchesAhead = 2;  // each is some megabytes of a wide table

  // Fails (kMemory) where no thread can be started.
  [[nodiscard]] static Result<std::unique_ptr<SinkThread>> start(std::unique_ptr<SinkInstance> sink);
  SinkThread(const SinkThread&) = delete;
  SinkThread& operator=(const SinkThread&) = delete;
  ~SinkThread();  // as finish(FG_FINISH_PARTIAL)

  // Waits while as many batches as that wait. The error may be of an earlier batch; this one is released then.
  [[nodiscard]] Result<SinkState> write(ArrowArray batch);
  // Asks for it, behind the batches; does not wait.
  [[nodiscard]] Result<SinkState> flush();
  // Waits until the sink has ended. Once.
  [[nodiscard]] Result<SinkState> finish(fg_finish how, std::string account);

  [[nodiscard]] std::uint64_t rows_certain() const;

 private:
  explicit SinkThread(std::unique_ptr<SinkInstance> sink) : sink_(std::move(sink)) {}
  void work();
  // Makes a call of the sink without the lock, and keeps what came of it.
  template <class Call>
  void note(std::unique_lock<std::mutex>& lock, const Call& call);
  [[nodiscard]] Result<SinkState> state() const;

  std::unique_ptr<SinkInstance> sink_;  // the thread's own, once it runs
  mutable std::mutex mutex_;
  std::condition_variable asked_;
  std::condition_variable done_;
  std::array<ArrowArray, kBatchesAhead> batches_{};  // a ring
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool is_flush_wanted_ = false;
  std::optional<fg_finish> finish_wanted_;
  std::string account_;
  bool is_closed_ = false;
  std::uint64_t rows_certain_ = 0;
  std::optional<Error> error_;  // the first
  std::thread thread_;
};

}  // namespace flowgauge
