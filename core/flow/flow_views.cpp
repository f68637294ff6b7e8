#include "core/flow/flow_views.h"

#include <string_view>

#include "core/flow/flow_record.h"
#include "core/flow/packet_view.h"
#include "core/packet/endpoint_class.h"

namespace flowgauge {
namespace {

fg_string static_text(std::string_view text) { return {text.data(), text.size()}; }

// Field by field where the view shall stand: a struct that is made elsewhere and copied waits for its own small stores.
void view_flow(const BasicFlow& flow, fg_flow& view) {
  const auto relative = [&](unsigned direction, std::int64_t time_ns) {
    return flow.packets[direction] == 0 ? FG_NEVER : time_ns - flow.start_ns();
  };
  const Endpoint source = flow.source;
  const Endpoint destination = source ^ 1U;
  const Scope source_scope = address_scope(flow.key.address[source].data(), flow.key.ip_version);
  const Scope destination_scope = address_scope(flow.key.address[destination].data(), flow.key.ip_version);
  const std::uint16_t destination_port = flow.key.port[destination];
  view.duration_ns = gap_ns(flow.last_ns(), flow.first_ns());
  view.ip_version = flow.key.ip_version;
  view.ip_protocol = flow.key.protocol;
  view.source_scope = static_text(scope_name(source_scope));
  view.destination_scope = static_text(scope_name(destination_scope));
  view.path_locality = static_text(path_locality(source_scope, destination_scope));
  view.source_port_class = static_text(port_class(flow.key.port[source]));
  view.destination_port_class = static_text(port_class(destination_port));
  view.service_group = static_text(service_group(destination_port, flow.key.protocol));
  view.end_reason = kEndReasonNumbers[static_cast<std::size_t>(flow.row_end_reason())];
  view.is_snapshot = flow.is_snapshot ? 1 : 0;
  view.segment = flow.segment;
  for (unsigned direction = 0; direction < 2; ++direction) {
    view.packets[direction] = flow.packets[direction];
    view.bytes[direction] = flow.bytes[direction];
    view.first_ns[direction] = relative(direction, flow.direction_first_ns[direction]);
    view.last_ns[direction] = relative(direction, flow.direction_last_ns[direction]);
    view.start_ns[direction] = relative(direction, flow.direction_start_ns[direction]);
  }
}

}  // namespace

void view_flows(std::span<const Release> releases, fg_needs needs, FlowViews& views) {
  const std::size_t count = releases.size();
  views.releases = releases;
  views.packets = nullptr;
  views.records.resize(count);
  views.flows.resize(count);
  views.start_ns.resize(count);
  views.keys.resize((needs & FG_NEEDS_KEY) != 0 ? count : 0);
  views.first_seen_ns.resize((needs & FG_NEEDS_TIME) != 0 ? count : 0);
  views.tags.resize((needs & FG_NEEDS_TAGS) != 0 ? count : 0);
  for (std::size_t i = 0; i < count; ++i) {
    const BasicFlow& flow = basic_flow(releases[i].record);
    views.records[i] = releases[i].record;
    view_flow(flow, views.flows[i]);
    views.start_ns[i] = flow.start_ns();
    if (!views.keys.empty()) views.keys[i] = key_view(flow);
    if (!views.first_seen_ns.empty()) views.first_seen_ns[i] = flow.first_ns();
    if (!views.tags.empty()) views.tags[i] = tags_view(flow);
  }
}

void view_packets(const PacketBatch& batch, FlowViews& views) {
  views.packets = &batch;
  views.records.assign(batch.records.begin(), batch.records.begin() + batch.count);
  views.start_ns.resize(batch.count);
  for (std::uint32_t i = 0; i < batch.count; ++i) views.start_ns[i] = basic_flow(batch.records[i]).start_ns();
}

}  // namespace flowgauge
