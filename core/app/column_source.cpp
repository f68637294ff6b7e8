#include "core/app/column_source.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace flowgauge {
namespace {

struct ColumnSource {
  std::string_view column;  // a full name, or a feature's for the rest of its columns
  std::string_view text;
};

// The first that fits counts, so a column stands before its feature.
constexpr std::array kSources = {
    ColumnSource{"flow.id", "semantics 2; RFC 5952"},
    ColumnSource{"flow.community_id", "semantics 2; Community ID 1.0"},
    ColumnSource{"flow.src_ip", "semantics 1, 2; RFC 5952"},
    ColumnSource{"flow.dst_ip", "semantics 1, 2; RFC 5952"},
    ColumnSource{"flow.src_port", "semantics 1, 2"},
    ColumnSource{"flow.dst_port", "semantics 1, 2"},
    ColumnSource{"flow.protocol", "semantics 1; IANA protocol numbers"},
    ColumnSource{"flow.ip_version", "semantics 1"},
    ColumnSource{"flow.src_mac", "semantics 1"},
    ColumnSource{"flow.dst_mac", "semantics 1"},
    ColumnSource{"flow.vlan_id", "semantics 1; IEEE 802.1Q"},
    ColumnSource{"flow.inner_vlan_id", "semantics 1; IEEE 802.1Q"},
    ColumnSource{"flow.tunnel_type", "semantics 1"},
    ColumnSource{"flow.tunnel_id",
                 "semantics 1; RFC 7348, RFC 8926, RFC 2890, RFC 2637, RFC 2661, RFC 3931, RFC 9300, TS 29.281"},
    ColumnSource{"flow.direction_basis", "semantics 2"},
    ColumnSource{"flow.segment", "semantics 2"},
    ColumnSource{"flow.end_reason", "semantics 3; RFC 5102 5.11.3"},
    ColumnSource{"flow.fragment_packets", "semantics 1; RFC 791, RFC 8200"},
    ColumnSource{"flow.tcp_handshake_completed", "semantics 3; RFC 9293 3.5"},
    ColumnSource{"flow.tcp_close_style", "semantics 3; RFC 9293 3.6"},
    ColumnSource{"flow.release_frame", "architecture 5"},
    ColumnSource{"flow.release_cause", "architecture 5"},
    ColumnSource{"flow.release_deadline", "architecture 5"},
    ColumnSource{"flow.release_creation", "architecture 5"},
    ColumnSource{"flow", "semantics 3"},
    ColumnSource{"endpoint.src_port_class", "semantics 5; RFC 6335 6"},
    ColumnSource{"endpoint.dst_port_class", "semantics 5; RFC 6335 6"},
    ColumnSource{"endpoint.service_group", "semantics 5; the service groups below"},
    ColumnSource{"endpoint.path_locality", "semantics 5"},
    ColumnSource{"endpoint", "semantics 5; RFC 6890, RFC 4193"},
    ColumnSource{"timing", "semantics 3, 5"},
    ColumnSource{"iat", "semantics 3, 4, 5"},
    ColumnSource{"packet_length", "semantics 1, 4, 5"},
    ColumnSource{"header_length", "semantics 1, 4, 5"},
    ColumnSource{"payload_length", "semantics 1, 4, 5"},
    ColumnSource{"window_size", "semantics 4, 5; RFC 9293 3.1"},
    ColumnSource{"tcp_flags", "semantics 5; RFC 9293 3.1, RFC 3168"},
    ColumnSource{"bulk", "semantics 4, 5"},
    ColumnSource{"subflow", "semantics 5"},
    ColumnSource{"active_idle", "semantics 4, 5"},
    ColumnSource{"icmp", "semantics 5; RFC 792, RFC 4443"},
    ColumnSource{"retransmission", "semantics 5; RFC 9293 3.4"},
    ColumnSource{"tcp_quality", "semantics 5; RFC 5681 2, RFC 9293 3.8.4, 3.8.6"},
    ColumnSource{"quality", "semantics 5"},
};

}  // namespace

std::string column_source(const CatalogColumn& column) {
  const Feature& feature = *column.feature;
  const bool is_ours = feature.module == nullptr || feature.module->origin == Origin::kInstalled;
  for (const ColumnSource& source : kSources) {
    if (!is_ours) break;
    if (source.column == column.full_name || source.column == feature.name) return std::string(source.text);
  }
  if (feature.module == nullptr) return "flowgauge";
  return fmt::format("plugin {} {}", feature.module->name, feature.module->version);
}

}  // namespace flowgauge
