#include "core/flow/eviction_queue.h"

#include <algorithm>
#include <functional>

#include "core/flow/clock.h"
#include "core/flow/flow_record.h"

namespace flowgauge {

void EvictionQueue::scan(const PartitionIndex& index, const RecordPool& pool, std::int64_t clock_second) {
  heap_.clear();
  index.for_each([&](std::uint32_t record) {
    const BasicFlow& flow = basic_flow(pool.at(record));
    heap_.push_back({second_of(flow.arrived_last_ns), flow.creation, record});
  });
  std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  scanned_second_ = clock_second;
}

std::uint32_t EvictionQueue::take_oldest(const PartitionIndex& index, const RecordPool& pool,
                                         std::int64_t clock_second) {
  for (;;) {
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      Candidate candidate = heap_.back();
      heap_.pop_back();
      const BasicFlow& flow = basic_flow(pool.at(candidate.record));
      if (!flow.live || flow.creation != candidate.creation) continue;  // ended since
      const std::int64_t second = second_of(flow.arrived_last_ns);
      if (second != candidate.second) {  // has had packets since
        candidate.second = second;
        heap_.push_back(candidate);
        std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
        continue;
      }
      // Flows that are younger than the scan have later creations, and seconds not below the scan's.
      if (second > scanned_second_) break;
      return candidate.record;
    }
    scan(index, pool, clock_second);
  }
}

}  // namespace flowgauge
