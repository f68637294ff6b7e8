#include "core/plugin/packet_selection.h"

#include <array>
#include <utility>

namespace flowgauge {

PacketSelection::PacketSelection(PacketFilters filters)
    : filters_(std::move(filters)), own_(std::make_unique<PacketBatch>()), shown_(own_.get()) {}

void PacketSelection::choose(const PacketBatch& batch) {
  std::array<std::uint32_t, kBatchPackets> fitting;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < batch.count; ++i)
    if (filters_.fit(batch.packets[i].ip_protocol, batch.keys[i])) fitting[count++] = i;
  shown_ = count == batch.count ? &batch : own_.get();
  if (shown_ == &batch) return;
  own_->count = count;
  own_->ring_drops = batch.ring_drops;
  for (std::uint32_t to = 0; to < count; ++to) copy(batch, fitting[to], to);
}

void PacketSelection::copy(const PacketBatch& batch, std::uint32_t from, std::uint32_t to) {
  own_->packets[to] = batch.packets[from];
  own_->records[to] = batch.records[from];
  if (needs_ == FG_NEEDS_NOTHING) return;
  if ((needs_ & FG_NEEDS_KEY) != 0) own_->keys[to] = batch.keys[from];
  if ((needs_ & FG_NEEDS_TIME) != 0) own_->timestamps_ns[to] = batch.timestamps_ns[from];
  if ((needs_ & FG_NEEDS_TAGS) != 0) own_->tags[to] = batch.tags[from];
  if ((needs_ & FG_NEEDS_PAYLOAD) != 0) own_->payloads[to] = batch.payloads[from];
  if ((needs_ & FG_NEEDS_HEADERS) != 0) own_->headers[to] = batch.headers[from];
  if ((needs_ & FG_NEEDS_FIELDS) != 0) own_->fields[to] = batch.fields[from];
}

}  // namespace flowgauge
