#include "core/packet/ledger.h"

namespace flowgauge {

std::string_view reason_name(packet_reason reason) {
  static constexpr std::array<std::string_view, PACKET_REASON_COUNT> kNames = {
      "accepted",        "filtered", "bad_timestamp", "unsupported_link_type", "truncated_l2",        "too_many_tags",
      "too_many_labels", "not_ip",   "truncated_l3",  "malformed_ip",          "too_many_extensions", "truncated_l4",
      "fragment",        "protocol"};
  const auto index = static_cast<std::size_t>(reason);
  return index < kNames.size() ? kNames[index] : std::string_view("unknown");
}

}  // namespace flowgauge
