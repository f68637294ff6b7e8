#include "core/flow/partition_index.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace flowgauge {

void PartitionIndex::erase(std::uint32_t hash, std::uint32_t record) {
  std::uint32_t hole = hash & mask_;
  while (slots_[hole].record != record) {
    assert(slots_[hole].record != kNone);
    hole = (hole + 1) & mask_;
  }
  // Move back every later slot of the run that may stand at the hole: no tombstones.
  for (std::uint32_t at = (hole + 1) & mask_; slots_[at].record != kNone; at = (at + 1) & mask_) {
    const std::uint32_t wanted = slots_[at].hash & mask_;
    if (((at - wanted) & mask_) >= ((at - hole) & mask_)) {
      slots_[hole] = slots_[at];
      hole = at;
    }
  }
  slots_[hole].record = kNone;
  --size_;
}

void PartitionIndex::grow() {
  const std::vector<Slot> old = std::exchange(slots_, {});
  slots_.assign(std::max<std::size_t>(16, old.size() * 2), Slot{0, kNone});
  mask_ = static_cast<std::uint32_t>(slots_.size() - 1);
  for (const Slot& slot : old)
    if (slot.record != kNone) place(slot);
}

}  // namespace flowgauge
