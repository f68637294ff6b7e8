// A bounded blocking queue between threads: push() waits while it is full, pop() while it is empty.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace flowgauge {

template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  void push(T item) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [&] { return items_.size() < capacity_; });
    items_.push_back(std::move(item));
    not_empty_.notify_one();
  }

  // Never waits: what finds no room is dropped.
  void offer(T item) {
    const std::scoped_lock lock(mutex_);
    if (items_.size() == capacity_) return;
    items_.push_back(std::move(item));
    not_empty_.notify_one();
  }

  T pop() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [&] { return !items_.empty(); });
    return take();
  }

  // Nothing if there is none.
  std::optional<T> try_pop() {
    const std::scoped_lock lock(mutex_);
    if (items_.empty()) return std::nullopt;
    return take();
  }

  // Nothing if none came in that time.
  std::optional<T> pop_within(std::chrono::nanoseconds time) {
    std::unique_lock lock(mutex_);
    if (!not_empty_.wait_for(lock, time, [&] { return !items_.empty(); })) return std::nullopt;
    return take();
  }

 private:
  T take() {
    T item = std::move(items_.front());
    items_.pop_front();
    not_full_.notify_one();
    return item;
  }

  std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::deque<T> items_;
};

}  // namespace flowgauge
