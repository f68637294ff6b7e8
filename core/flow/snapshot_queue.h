// Flows by the clock time at which their next early export is due.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace flowgauge {

struct SnapshotDue {
  std::int64_t due_ns;  // due once the clock is beyond it
  std::uint64_t creation;
  std::uint32_t record;
  bool operator>(const SnapshotDue& other) const {
    return due_ns != other.due_ns ? due_ns > other.due_ns : creation > other.creation;
  }
};

class SnapshotQueue {
 public:
  // The clock may go this far without anything being due.
  [[nodiscard]] std::int64_t next_ns() const {
    return heap_.empty() ? std::numeric_limits<std::int64_t>::max() : heap_.front().due_ns;
  }
  void push(const SnapshotDue& due) {
    heap_.push_back(due);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  SnapshotDue pop() {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    const SnapshotDue due = heap_.back();
    heap_.pop_back();
    return due;
  }

  void shift(std::int64_t step_ns) {
    for (SnapshotDue& due : heap_) due.due_ns += step_ns;
  }

 private:
  std::vector<SnapshotDue> heap_;
};

}  // namespace flowgauge
