// Flows that a timeout cut and that the next packet of their key continues (docs/semantics.md, section 2).
// Bounded per partition, the oldest leaves first. Single-threaded: each shard owns one.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/flow/flow_key.h"

namespace flowgauge {

class ContinuationMemory {
 public:
  struct Cut {
    Endpoint source;
    std::uint32_t segment;
    std::int64_t arrived_last_ns;
  };

  // `per_partition`: how many a partition remembers, 0 for none. `keep_ns`: how long past the arrival of a flow's last
  // packet, in clock time.
  ContinuationMemory(std::uint64_t per_partition, std::int64_t keep_ns, std::uint64_t hash_seed);

  void remember(std::uint8_t partition, const FlowKey& key, const Cut& cut, std::int64_t clock_ns);

  // What is remembered of the key, forgotten by this call.
  std::optional<Cut> take(std::uint8_t partition, const FlowKey& key, std::int64_t clock_ns);

  // What is remembered is as old as before, though the clock was set forward by so much.
  void shift(std::int64_t step_ns) {
    for (Entry& entry : entries_) entry.cut.arrived_last_ns += step_ns;
  }

  [[nodiscard]] std::size_t size() const { return slot_of_.size(); }

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Entry {
    FlowKey key;
    Cut cut;
    std::uint32_t older = kNone;
    std::uint32_t newer = kNone;
  };
  struct Queue {
    std::uint32_t oldest = kNone;
    std::uint32_t newest = kNone;
    std::uint64_t size = 0;
  };
  struct Hash {
    std::uint64_t seed;
    std::size_t operator()(const FlowKey& key) const { return hash_key(key, seed); }
  };

  [[nodiscard]] bool is_stale(const Entry& entry, std::int64_t clock_ns) const {
    return clock_ns - entry.cut.arrived_last_ns > keep_ns_;
  }
  void forget(std::uint8_t partition, std::uint32_t slot);

  std::uint64_t per_partition_;
  std::int64_t keep_ns_;
  boost::unordered_flat_map<FlowKey, std::uint32_t, Hash> slot_of_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::array<Queue, kPartitions> queues_{};
};

}  // namespace flowgauge
