#include "core/app/column_source.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace flowgauge {
namespace {

struct Source {
  std::string_view column;  // a full name, or a feature's for the rest of its columns
  std::string_view text;
};

// The first that fits counts, so a column stands before its feature.
constexpr std::array kSources = {
    Source{"flow.id", "semantics 2; RFC 5952"},
    Source{"flow.community_id", "semantics 2; Community ID 1.0"},
    Source{"flow.src_ip", "semantics 1, 2; RFC 5952"},
    Source{"flow.dst_ip", "semantics 1, 2; RFC 5952"},
    Source{"flow.src_port", "semantics 1, 2"},
    Source{"flow.dst_port", "semantics 1, 2"},
    Source{"flow.protocol", "semantics 1; IANA protocol numbers"},
    Source{"flow.ip_version", "semantics 1"},
    Source{"flow.src_mac", "semantics 1"},
    Source{"flow.dst_mac", "semantics 1"},
    Source{"flow.vlan_id", "semantics 1; IEEE 802.1Q"},
    Source{"flow.inner_vlan_id", "semantics 1; IEEE 802.1Q"},
    Source{"flow.tunnel_type", "semantics 1"},
    Source{"flow.tunnel_id", "semantics 1; RFC 7348, RFC 8926, RFC 2890, TS 29.281"},
    Source{"flow.direction_basis", "semantics 2"},
    Source{"flow.segment", "semantics 2"},
    Source{"flow.end_reason", "semantics 3; RFC 5102 5.11.3"},
    Source{"flow.fragment_packets", "semantics 1; RFC 791, RFC 8200"},
    Source{"flow.tcp_handshake_completed", "semantics 3; RFC 9293 3.5"},
    Source{"flow.tcp_close_style", "semantics 3; RFC 9293 3.6"},
    Source{"flow", "semantics 3"},
    Source{"endpoint.src_port_class", "semantics 5; RFC 6335 6"},
    Source{"endpoint.dst_port_class", "semantics 5; RFC 6335 6"},
    Source{"endpoint.service_group", "semantics 5; the service groups below"},
    Source{"endpoint.path_locality", "semantics 5"},
    Source{"endpoint", "semantics 5; RFC 6890, RFC 4193"},
    Source{"timing", "semantics 3, 5"},
    Source{"iat", "semantics 3, 4, 5"},
    Source{"packet_length", "semantics 1, 4, 5"},
    Source{"header_length", "semantics 1, 4, 5"},
    Source{"payload_length", "semantics 1, 4, 5"},
    Source{"window_size", "semantics 4, 5; RFC 9293 3.1"},
    Source{"tcp_flags", "semantics 5; RFC 9293 3.1, RFC 3168"},
    Source{"bulk", "semantics 4, 5"},
    Source{"subflow", "semantics 5"},
    Source{"active_idle", "semantics 4, 5"},
    Source{"icmp", "semantics 5; RFC 792, RFC 4443"},
    Source{"retransmission", "semantics 5; RFC 9293 3.4"},
    Source{"tcp_quality", "semantics 5; RFC 5681 2, RFC 9293 3.8.6"},
    Source{"quality", "semantics 5"},
};

}  // namespace

std::string column_source(const CatalogColumn& column) {
  const Feature& feature = *column.feature;
  const bool is_ours = feature.module == nullptr || feature.module->origin == Origin::kInstalled;
  for (const Source& source : kSources) {
    if (!is_ours) break;
    if (source.column == column.full_name || source.column == feature.name) return std::string(source.text);
  }
  if (feature.module == nullptr) return "flowgauge";
  return fmt::format("plugin {} {}", feature.module->name, feature.module->version);
}

}  // namespace flowgauge
