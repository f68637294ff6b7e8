#include "core/plugin/shown_batch.h"

#include <algorithm>
#include <utility>

namespace flowgauge {

PacketSelection* ShownBatch::selection_of(const Feature& feature) {
  if (feature.packet_filters.empty()) return nullptr;
  PacketFilters filters(feature.packet_filters);
  auto found = std::ranges::find(
      selections_, filters, [](const auto& one) -> auto& { return one->filters(); });
  if (found == selections_.end())
    found = selections_.insert(found, std::make_unique<PacketSelection>(std::move(filters)));
  (*found)->add_needs(feature.table.needs);
  return found->get();
}

void ShownBatch::begin(const PacketBatch& batch) {
  batch_ = &batch;
  every_ = view_of(batch);
  for (const auto& selection : selections_) selection->choose(batch);
}

fg_batch ShownBatch::view_of(const PacketBatch& batch) {
  fg_batch view{};
  view.struct_size = sizeof(fg_batch);
  view.count = batch.count;
  view.packets = bytes_of_array(batch.packets.data());
  view.records = batch.records.data();
  view.packet_stride = sizeof(fg_packet);
  view.packet_size = sizeof(fg_packet);
  view.key_stride = sizeof(fg_key);
  view.tags_stride = sizeof(fg_tags);
  view.payload_stride = sizeof(fg_payload);
  view.fields_stride = sizeof(fg_fields);
  view.headers_stride = sizeof(fg_headers);
  view.ring_drops = batch.ring_drops;
  return view;
}

void ShownBatch::show_needs(const Feature& feature, const PacketBatch& batch, fg_batch& view) {
  const auto needs = [&](fg_needs what) { return (feature.table.needs & what) != 0; };
  if (needs(FG_NEEDS_KEY)) view.keys = bytes_of_array(batch.keys.data());
  if (needs(FG_NEEDS_TIME)) view.timestamps_ns = batch.timestamps_ns.data();
  if (needs(FG_NEEDS_TAGS)) view.tags = bytes_of_array(batch.tags.data());
  if (needs(FG_NEEDS_FIELDS)) view.fields = bytes_of_array(batch.fields.data());
  if (needs(FG_NEEDS_HEADERS)) view.headers = bytes_of_array(batch.headers.data());
  if (needs(FG_NEEDS_PAYLOAD)) view.payloads = bytes_of_array(shortened(batch, feature.table.payload_bytes));
}

const fg_payload* ShownBatch::shortened(const PacketBatch& batch, std::uint32_t payload_bytes) {
  if (payload_bytes >= payload_bytes_) return batch.payloads.data();
  for (std::uint32_t i = 0; i < batch.count; ++i) {
    shortened_[i] = batch.payloads[i];
    shortened_[i].size_bytes = std::min(shortened_[i].size_bytes, payload_bytes);
  }
  return shortened_.data();
}

}  // namespace flowgauge
