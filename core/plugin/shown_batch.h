// What a feature is shown of a batch of packets: the arrays behind its needs, the packets that its filters choose, and
// as many payload bytes as it asked for. One worker owns one. Hot, and allocates nothing after it is made.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/packet/batch.h"
#include "core/plugin/module.h"
#include "core/plugin/packet_selection.h"

namespace flowgauge {

// As the ABI hands over what is stepped by a stride.
template <class T>
const unsigned char* bytes_of_array(const T* items) {
  return reinterpret_cast<const unsigned char*>(items);
}

class ShownBatch {
 public:
  // `payload_bytes`: how many of a packet the batches hold.
  explicit ShownBatch(std::uint32_t payload_bytes) : payload_bytes_(payload_bytes) {}

  // What the feature's filters choose; null: every packet. Before the first batch; lives as long as this.
  [[nodiscard]] PacketSelection* selection_of(const Feature& feature);

  // From here on it is of this batch, which must stay there.
  void begin(const PacketBatch& batch);
  // Without state_offset and ends, which are the feature's own. May have no packets. Valid to the next call.
  [[nodiscard]] fg_batch shown_to(const Feature& feature, const PacketSelection* selection) {
    const PacketBatch& batch = selection == nullptr ? *batch_ : selection->shown();
    fg_batch view = selection == nullptr ? every_ : view_of(batch);
    if (feature.table.needs != FG_NEEDS_NOTHING) show_needs(feature, batch, view);
    return view;
  }

 private:
  static fg_batch view_of(const PacketBatch& batch);
  void show_needs(const Feature& feature, const PacketBatch& batch, fg_batch& view);
  // A feature sees as many payload bytes as it asked for, whatever others need.
  const fg_payload* shortened(const PacketBatch& batch, std::uint32_t payload_bytes);

  std::uint32_t payload_bytes_;
  const PacketBatch* batch_ = nullptr;
  fg_batch every_{};  // what is shown of all its packets to features without needs
  std::vector<std::unique_ptr<PacketSelection>> selections_;
  std::array<fg_payload, kBatchPackets> shortened_;
};

}  // namespace flowgauge
