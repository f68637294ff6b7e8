// The packets of a batch as a feature is shown them, in memory of the shape that a check asks for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/check/generated_flows.h"
#include "core/check/shape.h"
#include "core/check/strided.h"
#include "core/check/trapped_payloads.h"
#include "core/plugin/module.h"
#include "core/plugin/packet_filters.h"

namespace flowgauge {

class RigBatch {
 public:
  // All must outlive it.
  RigBatch(const Feature& feature, const MadeFlows& made, const Shape& shape);
  RigBatch(const RigBatch&) = delete;
  RigBatch& operator=(const RigBatch&) = delete;

  // Those of the made packets that fit the feature's filters. Valid to the next call.
  [[nodiscard]] std::span<const std::uint32_t> fitting(std::span<const std::uint32_t> packets);
  // These of the made packets, 1 to 64, each with the record of its flow. Valid to the next call.
  [[nodiscard]] fg_batch show(std::span<const std::uint32_t> packets, std::span<unsigned char* const> records);

  // What update has left of the batch.
  [[nodiscard]] bool asks_for_unknown_end() const;
  [[nodiscard]] bool packets_stand() const { return packets_.words() == packets_before_; }

 private:
  [[nodiscard]] fg_payload payload_of(std::uint32_t packet) const;
  [[nodiscard]] fg_headers headers_of(const MadePacket& packet, std::size_t at);
  [[nodiscard]] bool needs(fg_needs what) const { return (feature_.table.needs & what) != 0; }

  const Feature& feature_;
  const MadeFlows& made_;
  const Shape& shape_;
  std::optional<PacketFilters> filters_;
  std::vector<std::uint32_t> fitting_;
  Strided<fg_packet> packets_;
  Strided<fg_key> keys_;
  Strided<fg_tags> tags_;
  Strided<fg_payload> payloads_;
  Strided<fg_headers> headers_;
  Strided<fg_fields> fields_;
  std::vector<std::int64_t> times_;
  std::vector<std::uint32_t> ends_;
  std::vector<std::uint64_t> packets_before_;
  std::unique_ptr<TrappedPayloads> trapped_;
  std::unique_ptr<TrappedPayloads> trapped_headers_;
};

}  // namespace flowgauge
