// Which packets a feature is shown: those of flows that fit one of its filters. A property of the flow's key, so that
// a flow fits with all of its packets or with none. Immutable.
#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Whether one of them tells a port.
[[nodiscard]] bool name_ports(std::span<const fg_packet_filter> filters);

// "tcp port 443", "port 53", "gre", "protocol 253".
[[nodiscard]] std::string filter_text(const fg_packet_filter& filter);

class PacketFilters {
 public:
  // Of a feature that has some; they are judged.
  explicit PacketFilters(std::span<const fg_packet_filter> filters);

  // `key` is read only where a filter tells a port.
  [[nodiscard]] bool fit(std::uint8_t ip_protocol, const fg_key& key) const {
    if (protocols_[ip_protocol]) return true;
    return !ports_.empty() && (has(ip_protocol, key.source_port) || has(ip_protocol, key.destination_port));
  }

  // The same flows fit, in whatever order the filters were told.
  bool operator==(const PacketFilters&) const = default;

 private:
  [[nodiscard]] bool has(std::uint8_t ip_protocol, std::uint16_t port) const;

  std::bitset<256> protocols_;        // with any port
  std::vector<std::uint32_t> ports_;  // in order; the protocol in the upper half, 0: any
};

}  // namespace flowgauge
