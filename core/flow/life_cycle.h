// The rules of a flow's identity and life (docs/semantics.md, sections 2 and 3). A profile sets them.
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/nanoseconds.h"
#include "core/packet/run_clock.h"

namespace flowgauge {

enum class DirectionRule { kRole, kFirstPacket };
enum class Continuation { kInherit, kFresh };
enum class TcpClose { kLinger, kImmediate };
enum class TcpReuse { kSplit, kMerge };  // of a flow that has not ended, by another connection on its ports
enum class KeyRule { kFull, kNoVlan, kFiveTuple };

inline constexpr std::uint32_t kPartitions = 256;
inline constexpr std::uint64_t kPartitionSeed = 0x666c6f7767617567;  // "flowgaug": of runs over files, for ever
inline constexpr std::int64_t kEndedMemoryNs = 600 * kNsPerSecond;   // past the idle timeout, a flow is remembered

struct LifeCycle {
  DirectionRule direction = DirectionRule::kRole;
  Continuation continuation = Continuation::kInherit;
  TcpClose tcp_close = TcpClose::kLinger;
  TcpReuse tcp_reuse = TcpReuse::kSplit;
  KeyRule flow_key = KeyRule::kFull;
  std::int64_t idle_timeout_ns = 120 * kNsPerSecond;     // 0: never
  std::int64_t active_timeout_ns = 3600 * kNsPerSecond;  // 0: never
  std::int64_t linger_ns = 5 * kNsPerSecond;             // at most the idle timeout counts
  std::int64_t early_export_ns = 0;                      // 0: no snapshots
  std::int64_t clock_jump_ns = 600 * kNsPerSecond;       // 0: no packet is wild, and no older one ends a flow
  std::uint64_t max_flows = 1'000'000;                   // of all shards; a partition holds max_flows / 256, at least 1
  std::optional<std::uint64_t> hash_seed;                // of the partitions; none: kPartitionSeed, live a random one

  [[nodiscard]] std::uint64_t partition_seed() const { return hash_seed.value_or(kPartitionSeed); }
};

// Of the clock of a run over capture files.
ClockRules clock_rules(const LifeCycle& rules);

}  // namespace flowgauge
