// Record batches on their way from the thread that makes them to the one that pulls them: a bounded number.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/output/arrow_abi.h"

namespace flowgauge {

// What a reader does meanwhile: called on its thread when it begins to pull, and then about 50 times a second while it
// waits. kGiveUp: it waits no longer, and the run is abandoned. Empty: nothing.
enum class Wait { kGoOn, kGiveUp };
using Waiting = std::function<Wait()>;

class BatchQueue {
 public:
  explicit BatchQueue(std::size_t capacity) : batches_(capacity == 0 ? 1 : capacity) {}
  BatchQueue(const BatchQueue&) = delete;
  BatchQueue& operator=(const BatchQueue&) = delete;
  ~BatchQueue();

  enum class Reader { kThere, kGone };
  // Waits while the queue is full. The batch is the queue's; of a reader that is gone it is released at once.
  Reader push(ArrowArray batch);
  // No batch comes any more; the reader gets those that wait, then the error, if there is one. Only the first call
  // counts.
  void end(std::optional<Error> error);

  // Waits while the queue is empty. Nothing: the end. The batch is the caller's. kInterrupted: `waiting` gave up.
  Result<std::optional<ArrowArray>> pop(const Waiting& waiting = {});
  // The reader goes: nobody waits for it any longer, and its batches are released.
  void release();

 private:
  Result<void> wait_for_batch(std::unique_lock<std::mutex>& lock, const Waiting& waiting);
  void drop_all();

  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::vector<ArrowArray> batches_;  // a ring, so that nothing is allocated on the way
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool is_ended_ = false;
  bool is_released_ = false;
  std::optional<Error> error_;
};

}  // namespace flowgauge
