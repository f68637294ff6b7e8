// The packets of a batch that a feature's filters show, as a batch of their own. Features with equal filters share it.
// Hot, and allocates nothing after it is made. Thread: that of its FeatureSet.
#pragma once

#include <memory>

#include "core/packet/batch.h"
#include "core/plugin/packet_filters.h"

namespace flowgauge {

class PacketSelection {
 public:
  explicit PacketSelection(PacketFilters filters);

  [[nodiscard]] const PacketFilters& filters() const { return filters_; }
  // Of one more feature that shares it: which arrays it holds.
  void add_needs(fg_needs needs) { needs_ |= needs; }

  void choose(const PacketBatch& batch);
  // Of the batch that was chosen from last, which must still be there. May have no packets.
  [[nodiscard]] const PacketBatch& shown() const { return *shown_; }

 private:
  void copy(const PacketBatch& batch, std::uint32_t from, std::uint32_t to);

  PacketFilters filters_;
  fg_needs needs_ = FG_NEEDS_NOTHING;
  std::unique_ptr<PacketBatch> own_;
  const PacketBatch* shown_;  // own_, or the whole batch where all of it fits
};

}  // namespace flowgauge
