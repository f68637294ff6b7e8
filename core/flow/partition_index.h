// Finds records by hash within one partition: open addressing with 8-byte slots, linear probing and
// backward-shift deletion. A partition is small, so that its growth never pauses the whole table.
#pragma once

#include <cstdint>
#include <vector>

namespace flowgauge {

class PartitionIndex {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  void prefetch(std::uint32_t hash) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & mask_]);
  }

  // A record that may be the one looked for: the first whose hash is equal. Good enough to prefetch.
  [[nodiscard]] std::uint32_t guess(std::uint32_t hash) const {
    return find(hash, [](std::uint32_t) { return true; });
  }

  // The record with this hash for which `equal(record)` holds, or kNone.
  template <class Equal>
  [[nodiscard]] std::uint32_t find(std::uint32_t hash, Equal&& equal) const {
    if (slots_.empty()) return kNone;
    for (std::uint32_t at = hash & mask_; slots_[at].record != kNone; at = (at + 1) & mask_)
      if (slots_[at].hash == hash && equal(slots_[at].record)) return slots_[at].record;
    return kNone;
  }

  void insert(std::uint32_t hash, std::uint32_t record) {
    if ((size_ + 1) * 8 > slots_.size() * 5) grow();  // load at most 5/8
    place({hash, record});
    ++size_;
  }

  void erase(std::uint32_t hash, std::uint32_t record);

  [[nodiscard]] std::uint32_t size() const { return size_; }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Slot& slot : slots_)
      if (slot.record != kNone) visit(slot.record);
  }

 private:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t record;
  };

  void place(Slot slot) {
    std::uint32_t at = slot.hash & mask_;
    while (slots_[at].record != kNone) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
  void grow();

  std::vector<Slot> slots_;  // a power of two, or empty
  std::uint32_t mask_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace flowgauge
