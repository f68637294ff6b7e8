#include "core/engine/batch_queue.h"

#include <chrono>
#include <utility>

namespace flowgauge {
namespace {

constexpr std::chrono::milliseconds kBetweenQuestions{20};

}  // namespace

BatchQueue::~BatchQueue() { drop_all(); }

BatchQueue::Reader BatchQueue::push(ArrowArray batch) {
  std::unique_lock lock(mutex_);
  not_full_.wait(lock, [&] { return is_released_ || count_ < batches_.size(); });
  if (is_released_) {
    lock.unlock();
    batch.release(&batch);
    return Reader::kGone;
  }
  batches_[(first_ + count_++) % batches_.size()] = batch;
  not_empty_.notify_one();
  return Reader::kThere;
}

void BatchQueue::end(std::optional<Error> error) {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(is_ended_, true)) return;
  error_ = std::move(error);
  not_empty_.notify_all();
}

// The reader's function runs without the lock.
Result<void> BatchQueue::wait_for_batch(std::unique_lock<std::mutex>& lock, const Waiting& waiting) {
  const auto is_ready = [&] { return is_ended_ || count_ > 0; };
  if (!waiting) {
    not_empty_.wait(lock, is_ready);
    return {};
  }
  do {
    lock.unlock();
    const Wait answer = waiting();
    lock.lock();
    if (answer == Wait::kGiveUp)
      return fail(ExitCode::kInterrupted, "interrupted: the reader of the rows has given up");
  } while (!not_empty_.wait_for(lock, kBetweenQuestions, is_ready));
  return {};
}

Result<std::optional<ArrowArray>> BatchQueue::pop(const Waiting& waiting) {
  std::unique_lock lock(mutex_);
  if (const auto waited = wait_for_batch(lock, waiting); !waited) return std::unexpected(waited.error());
  if (count_ > 0) {
    ArrowArray batch = batches_[first_];
    first_ = (first_ + 1) % batches_.size();
    --count_;
    not_full_.notify_one();
    return batch;
  }
  if (error_) return std::unexpected(*error_);
  return std::nullopt;
}

void BatchQueue::release() {
  {
    const std::scoped_lock lock(mutex_);
    is_released_ = true;
    not_full_.notify_all();
  }
  drop_all();
}

// Releases run the code of others: without the lock.
void BatchQueue::drop_all() {
  for (;;) {
    std::unique_lock lock(mutex_);
    if (count_ == 0) return;
    ArrowArray batch = batches_[first_];
    first_ = (first_ + 1) % batches_.size();
    --count_;
    lock.unlock();
    batch.release(&batch);
  }
}

}  // namespace flowgauge
