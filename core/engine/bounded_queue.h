// A bounded blocking queue between threads: push() waits while it is full, pop() while it is empty. Its memory is there
// from the beginning, so that nothing fails on the way.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace flowgauge {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : items_(capacity) {}

  void push(T item) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [&] { return is_closed_ || count_ < items_.size(); });
    put(std::move(item));
  }

  // Never waits: what finds no room is dropped.
  void offer(T item) {
    const std::scoped_lock lock(mutex_);
    put(std::move(item));
  }

  T pop() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [&] { return count_ > 0; });
    return take();
  }

  // Nothing if there is none.
  std::optional<T> try_pop() {
    const std::scoped_lock lock(mutex_);
    if (count_ == 0) return std::nullopt;
    return take();
  }

  // Nothing if none came in that time.
  std::optional<T> pop_within(std::chrono::nanoseconds time) {
    std::unique_lock lock(mutex_);
    if (!not_empty_.wait_for(lock, time, [&] { return count_ > 0; })) return std::nullopt;
    return take();
  }

  // Nobody pops any more: what is pushed from now on is dropped, and nobody waits for room.
  void close() {
    const std::scoped_lock lock(mutex_);
    is_closed_ = true;
    not_full_.notify_all();
  }

 private:
  void put(T item) {
    if (is_closed_ || count_ == items_.size()) return;
    items_[(first_ + count_++) % items_.size()] = std::move(item);
    not_empty_.notify_one();
  }

  T take() {
    T item = std::move(items_[first_]);
    first_ = (first_ + 1) % items_.size();
    --count_;
    not_full_.notify_one();
    return item;
  }

  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::vector<T> items_;  // a ring
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool is_closed_ = false;
};

}  // namespace flowgauge
