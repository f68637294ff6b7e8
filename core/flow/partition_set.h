// Which partitions a table, or a run, keeps.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/flow/life_cycle.h"

namespace flowgauge {

class PartitionSet {
 public:
  static PartitionSet all() {
    PartitionSet set;
    set.bits_.set();
    return set;
  }

  void add(std::uint8_t partition) { bits_.set(partition); }
  [[nodiscard]] bool contains(std::uint8_t partition) const { return bits_[partition]; }
  [[nodiscard]] bool is_all() const { return bits_.all(); }
  [[nodiscard]] std::size_t size() const { return bits_.count(); }

  // The share of one of `workers`: partitions are dealt out in turn.
  [[nodiscard]] PartitionSet share(std::uint32_t worker, std::uint32_t workers) const {
    PartitionSet set;
    std::uint32_t turn = 0;
    for (std::size_t partition = 0; partition < kPartitions; ++partition)
      if (bits_[partition] && turn++ % workers == worker) set.bits_.set(partition);
    return set;
  }

  bool operator==(const PartitionSet&) const = default;

 private:
  std::bitset<kPartitions> bits_;
};

// "0-63", "0-9,200": numbers from 0 to 255 and ranges of them. The error (kUsage) quotes what is wrong.
[[nodiscard]] Result<PartitionSet> parse_partitions(std::string_view text);
// The shortest text that parse_partitions reads back.
[[nodiscard]] std::string partitions_text(const PartitionSet& set);

}  // namespace flowgauge
