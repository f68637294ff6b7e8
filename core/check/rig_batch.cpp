#include "core/check/rig_batch.h"

#include <algorithm>
#include <array>

#include "core/packet/batch.h"

namespace flowgauge {
namespace {

constexpr std::size_t kPayloadPool = 4096;

// What any packet's payload is taken from.
const std::array<std::uint8_t, kPayloadPool>& payload_pool() {
  static const auto kPool = [] {
    std::array<std::uint8_t, kPayloadPool> pool{};
    std::uint32_t random = 1;
    for (std::uint8_t& byte : pool) byte = static_cast<std::uint8_t>((random = random * 1664525U + 1013904223U) >> 24U);
    return pool;
  }();
  return kPool;
}

}  // namespace

RigBatch::RigBatch(const Feature& feature, const MadeFlows& made, const Shape& shape)
    : feature_(feature), made_(made), shape_(shape) {
  if (!feature.packet_filters.empty()) filters_.emplace(feature.packet_filters);
  if (shape.payload != Behind::kTrap) return;
  if (needs(FG_NEEDS_PAYLOAD)) trapped_ = std::make_unique<TrappedPayloads>(kBatchPackets);
  if (needs(FG_NEEDS_HEADERS)) trapped_headers_ = std::make_unique<TrappedPayloads>(kBatchPackets);
}

std::span<const std::uint32_t> RigBatch::fitting(std::span<const std::uint32_t> packets) {
  if (!filters_) return packets;
  fitting_.clear();
  for (const std::uint32_t packet : packets) {
    const MadeFlow& flow = made_.flows[made_.packets[packet].flow];
    if (filters_->fit(flow.view.ip_protocol, flow.key)) fitting_.push_back(packet);
  }
  return fitting_;
}

fg_batch RigBatch::show(std::span<const std::uint32_t> packets, std::span<unsigned char* const> records) {
  const std::size_t count = packets.size();
  packets_.resize(count, shape_.more_stride);
  keys_.resize(count, shape_.more_stride);
  tags_.resize(count, shape_.more_stride);
  payloads_.resize(count, shape_.more_stride);
  headers_.resize(count, shape_.more_stride);
  fields_.resize(count, shape_.more_stride);
  times_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    const MadePacket& packet = made_.packets[packets[i]];
    packets_.set(i, packet.fields);
    keys_.set(i, made_.flows[packet.flow].key);
    tags_.set(i, made_.flows[packet.flow].tags);
    const fg_payload payload = payload_of(packets[i]);
    payloads_.set(i, trapped_ == nullptr ? payload : trapped_->put(i, {payload.data, payload.size_bytes}));
    headers_.set(i, headers_of(packet, i));
    fields_.set(i, packet.headers.fields);
    times_[i] = packet.timestamp_ns;
  }
  fg_batch batch{};
  batch.count = static_cast<std::uint32_t>(count);
  batch.packets = packets_.bytes();
  batch.records = records.data();
  batch.packet_stride = packets_.stride();
  batch.packet_size = sizeof(fg_packet) + shape_.more_packet;
  batch.state_offset = shape_.state_offset;
  batch.key_stride = keys_.stride();
  batch.tags_stride = tags_.stride();
  batch.payload_stride = payloads_.stride();
  batch.fields_stride = fields_.stride();
  batch.headers_stride = headers_.stride();
  batch.ring_drops = FG_NO_RING;
  ends_.assign(count, 0);
  if (!feature_.ends.empty()) batch.ends = ends_.data();
  if (needs(FG_NEEDS_KEY)) batch.keys = keys_.bytes();
  if (needs(FG_NEEDS_TIME)) batch.timestamps_ns = times_.data();
  if (needs(FG_NEEDS_TAGS)) batch.tags = tags_.bytes();
  if (needs(FG_NEEDS_PAYLOAD)) batch.payloads = payloads_.bytes();
  if (needs(FG_NEEDS_FIELDS)) batch.fields = fields_.bytes();
  if (needs(FG_NEEDS_HEADERS)) batch.headers = headers_.bytes();
  packets_before_ = packets_.words();
  return batch;
}

bool RigBatch::asks_for_unknown_end() const {
  return std::ranges::any_of(ends_, [&](std::uint32_t asked) { return asked > feature_.ends.size(); });
}

fg_payload RigBatch::payload_of(std::uint32_t packet) const {
  const std::uint32_t wanted =
      std::min(made_.packets[packet].fields.payload_length_bytes, feature_.table.payload_bytes);
  const std::size_t begin = std::size_t{packet} * 97 % (kPayloadPool / 2);
  return {payload_pool().data() + begin, std::min<std::uint32_t>(wanted, kPayloadPool / 2), 0};
}

fg_headers RigBatch::headers_of(const MadePacket& packet, std::size_t at) {
  const std::span<const std::uint8_t> bytes = packet.headers.span();
  if (trapped_headers_ == nullptr) return {bytes.data(), static_cast<std::uint32_t>(bytes.size()), 0};
  const fg_payload put = trapped_headers_->put(at, bytes);
  return {put.data, put.size_bytes, 0};
}

}  // namespace flowgauge
