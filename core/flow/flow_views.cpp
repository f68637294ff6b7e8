#include "core/flow/flow_views.h"

#include <string_view>

#include "core/flow/flow_record.h"
#include "core/flow/packet_view.h"
#include "core/packet/endpoint_class.h"

namespace flowgauge {
namespace {

fg_string static_text(std::string_view text) { return {text.data(), text.size()}; }

fg_flow flow_view(const BasicFlow& flow) {
  const auto relative = [&](unsigned direction, std::int64_t time_ns) {
    return flow.packets[direction] == 0 ? FG_NEVER : time_ns - flow.start_ns;
  };
  const Endpoint source = flow.source;
  const Endpoint destination = source ^ 1U;
  const Scope source_scope = address_scope(flow.key.address[source].data(), flow.key.ip_version);
  const Scope destination_scope = address_scope(flow.key.address[destination].data(), flow.key.ip_version);
  const std::uint16_t destination_port = flow.key.port[destination];
  return {
      .duration_ns = gap_ns(flow.last_ns, flow.first_ns),
      .packets = {flow.packets[0], flow.packets[1]},
      .bytes = {flow.bytes[0], flow.bytes[1]},
      .ip_version = flow.key.ip_version,
      .ip_protocol = flow.key.protocol,
      .reserved = {},
      .source_scope = static_text(scope_name(source_scope)),
      .destination_scope = static_text(scope_name(destination_scope)),
      .path_locality = static_text(path_locality(source_scope, destination_scope)),
      .source_port_class = static_text(port_class(flow.key.port[source])),
      .destination_port_class = static_text(port_class(destination_port)),
      .service_group = static_text(service_group(destination_port, flow.key.protocol)),
      .first_ns = {relative(0, flow.direction_first_ns[0]), relative(1, flow.direction_first_ns[1])},
      .last_ns = {relative(0, flow.direction_last_ns[0]), relative(1, flow.direction_last_ns[1])},
      .start_ns = {relative(0, flow.direction_start_ns[0]), relative(1, flow.direction_start_ns[1])},
  };
}

}  // namespace

void view_flows(std::span<const Release> releases, fg_needs needs, FlowViews& views) {
  views.records.clear();
  views.flows.clear();
  views.keys.clear();
  views.first_seen_ns.clear();
  views.tags.clear();
  views.start_ns.clear();
  for (const Release& release : releases) {
    const BasicFlow& flow = basic_flow(release.record);
    views.records.push_back(release.record);
    views.flows.push_back(flow_view(flow));
    views.start_ns.push_back(flow.start_ns);
    if ((needs & FG_NEEDS_KEY) != 0) views.keys.push_back(key_view(flow));
    if ((needs & FG_NEEDS_TIME) != 0) views.first_seen_ns.push_back(flow.first_ns);
    if ((needs & FG_NEEDS_TAGS) != 0) views.tags.push_back(tags_view(flow));
  }
}

}  // namespace flowgauge
