#include "core/flow/continuation_memory.h"

namespace flowgauge {

ContinuationMemory::ContinuationMemory(std::uint64_t per_partition, std::int64_t keep_ns, std::uint64_t hash_seed)
    : per_partition_(per_partition), keep_ns_(keep_ns), slot_of_(0, Hash{hash_seed}) {}

void ContinuationMemory::remember(std::uint8_t partition, const FlowKey& key, const Cut& cut, std::int64_t clock_ns) {
  if (per_partition_ == 0) return;
  Queue& queue = queues_[partition];
  while (queue.oldest != kNone && (queue.size >= per_partition_ || is_stale(entries_[queue.oldest], clock_ns)))
    forget(partition, queue.oldest);

  std::uint32_t slot = static_cast<std::uint32_t>(entries_.size());
  if (free_.empty()) {
    entries_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  entries_[slot] = {key, cut, queue.newest, kNone};
  (queue.newest == kNone ? queue.oldest : entries_[queue.newest].newer) = slot;
  queue.newest = slot;
  ++queue.size;
  slot_of_[key] = slot;
}

std::optional<ContinuationMemory::Cut> ContinuationMemory::take(std::uint8_t partition, const FlowKey& key,
                                                                std::int64_t clock_ns) {
  if (slot_of_.empty()) return std::nullopt;
  const auto found = slot_of_.find(key);
  if (found == slot_of_.end()) return std::nullopt;
  const std::uint32_t slot = found->second;
  const Entry entry = entries_[slot];
  forget(partition, slot);
  if (is_stale(entry, clock_ns)) return std::nullopt;
  return entry.cut;
}

void ContinuationMemory::forget(std::uint8_t partition, std::uint32_t slot) {
  Queue& queue = queues_[partition];
  const Entry& entry = entries_[slot];
  (entry.older == kNone ? queue.oldest : entries_[entry.older].newer) = entry.newer;
  (entry.newer == kNone ? queue.newest : entries_[entry.newer].older) = entry.older;
  --queue.size;
  slot_of_.erase(entry.key);
  free_.push_back(slot);
}

}  // namespace flowgauge
