// The IP and transport header of a made-up packet, and what stands in it beyond fg_packet: as the packet's numbers and
// its flow's key say. Deterministic.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// What numbers of a header are other than usual.
struct HeaderGuise {
  bool os = false;             // IP id, DF, flow label, TCP options and their values; their kinds stay
  bool traffic_class = false;  // DSCP and ECN
};

struct MadeHeaders {
  static constexpr std::size_t kMostBytes = 80;  // IPv6 and TCP, each with 40

  std::array<std::uint8_t, kMostBytes> bytes{};
  std::uint32_t size_bytes = 0;
  fg_fields fields{};

  [[nodiscard]] std::span<const std::uint8_t> span() const { return std::span(bytes).first(size_bytes); }
};

// A TCP header of 40 bytes has the options of a SYN. `number` makes the ids.
[[nodiscard]] MadeHeaders make_headers(const fg_packet& packet, const fg_key& key, std::uint32_t number,
                                       const HeaderGuise& guise);

}  // namespace flowgauge
