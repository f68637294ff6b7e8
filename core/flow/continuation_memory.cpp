#include "core/flow/continuation_memory.h"

#include <algorithm>

namespace flowgauge {

void ContinuationMemory::remember(Where where, const FlowKey& key, const Ended& ended, std::int64_t clock_ns) {
  if (per_partition_ == 0) return;
  Partition& partition = partitions_[where.partition];
  while (partition.oldest != kNone &&
         (partition.index.size() >= per_partition_ || is_stale(partition.entries[partition.oldest], clock_ns)))
    forget(partition, partition.oldest);

  const std::uint32_t slot = new_entry(partition);
  partition.entries[slot] = {key, ended, where.hash, partition.newest, kNone};
  (partition.newest == kNone ? partition.oldest : partition.entries[partition.newest].newer) = slot;
  partition.newest = slot;
  partition.index.insert(where.hash, slot);
}

std::optional<ContinuationMemory::Ended> ContinuationMemory::take(Where where, const FlowKey& key,
                                                                  std::int64_t clock_ns) {
  Partition& partition = partitions_[where.partition];
  const std::uint32_t slot = partition.index.find(
      where.hash, [&](std::uint32_t candidate) { return partition.entries[candidate].key == key; });
  if (slot == kNone) return std::nullopt;
  const Entry entry = partition.entries[slot];
  forget(partition, slot);
  if (is_stale(entry, clock_ns)) return std::nullopt;
  return entry.ended;
}

void ContinuationMemory::shift(std::int64_t step_ns) {
  for (Partition& partition : partitions_)
    for (Entry& entry : partition.entries) entry.ended.arrived_last_ns += step_ns;
}

std::uint32_t ContinuationMemory::new_entry(Partition& partition) const {
  if (partition.free != kNone) {
    const std::uint32_t slot = partition.free;
    partition.free = partition.entries[slot].older;
    return slot;
  }
  std::vector<Entry>& entries = partition.entries;
  if (entries.size() == entries.capacity())  // never room for more than are remembered
    entries.reserve(std::min<std::size_t>(std::max<std::size_t>(16, entries.size() * 2), per_partition_));
  entries.emplace_back();
  return static_cast<std::uint32_t>(entries.size() - 1);
}

void ContinuationMemory::forget(Partition& partition, std::uint32_t slot) {
  Entry& entry = partition.entries[slot];
  (entry.older == kNone ? partition.oldest : partition.entries[entry.older].newer) = entry.newer;
  (entry.newer == kNone ? partition.newest : partition.entries[entry.newer].older) = entry.older;
  partition.index.erase(entry.hash, slot);
  entry.older = partition.free;
  partition.free = slot;
}

}  // namespace flowgauge
