// Which flow of a full partition leaves: the one with the lowest whole second of last arrival, ties by creation.
// Costs nothing until a partition is full; then a heap of what was there, put right as it is popped.
#pragma once

#include <cstdint>
#include <vector>

#include "core/flow/partition_index.h"
#include "core/flow/record_pool.h"

namespace flowgauge {

class EvictionQueue {
 public:
  // The record to evict. `index` is not empty; `clock_second` is the clock's.
  std::uint32_t take_oldest(const PartitionIndex& index, const RecordPool& pool, std::int64_t clock_second);

  // The flows' times have changed in another way than by packets.
  void forget() { heap_.clear(); }

 private:
  struct Candidate {
    std::int64_t second;
    std::uint64_t creation;
    std::uint32_t record;
    bool operator>(const Candidate& other) const {
      return second != other.second ? second > other.second : creation > other.creation;
    }
  };

  void scan(const PartitionIndex& index, const RecordPool& pool, std::int64_t clock_second);

  std::vector<Candidate> heap_;  // smallest first; every flow of the last scan, with a second not above its own
  std::int64_t scanned_second_ = 0;
};

}  // namespace flowgauge
