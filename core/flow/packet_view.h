// What features are shown of a packet, made from its event and its flow (the plugin ABI's view structs).
#pragma once

#include "core/flow/clock.h"
#include "core/flow/flow_record.h"
#include "core/packet/event.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// The fragment and ICMP marks are one bit further up in the plugin ABI than in events.
static_assert(FG_MARK_FIRST_FRAGMENT == PACKET_FIRST_FRAGMENT << 1 && FG_MARK_ICMP == PACKET_HAS_ICMP << 1 &&
              FG_MARK_LATER_FRAGMENT == PACKET_LATER_FRAGMENT << 1);
inline unsigned marks_of(const packet_event& event) {
  return (event.marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT | PACKET_HAS_ICMP)) << 1;
}

// Fills in `view`, as of before the packet is added to the flow. `direction` is FG_FORWARD or FG_BACKWARD. Field by
// field where it shall stand: a struct that is made elsewhere and copied waits for its own small stores.
inline void view_packet(const BasicFlow& flow, const packet_event& event, unsigned direction, fg_packet& view) {
  const bool is_older = event.timestamp_ns < flow.last_ns();
  const bool first_of_direction = flow.packets[direction] == 0;
  view.time_ns = event.timestamp_ns - flow.start_ns();
  view.gap_ns = gap_ns(event.timestamp_ns, flow.last_ns());
  view.direction_gap_ns = first_of_direction ? 0 : gap_ns(event.timestamp_ns, flow.direction_last_ns[direction]);
  view.flow_index = flow.packets[0] + flow.packets[1];
  view.direction_index = flow.packets[direction];
  view.ip_length_bytes = event.ip_length_bytes;
  view.payload_length_bytes = event.payload_length_bytes;
  view.tcp_seq = event.tcp_seq;
  view.tcp_ack = event.tcp_ack;
  view.l3_header_bytes = event.l3_header_bytes;
  view.tcp_window = event.tcp_window;
  view.l4_header_bytes = event.l4_header_bytes;
  view.tcp_flags = event.tcp_flags;
  view.direction = static_cast<std::uint8_t>(direction);
  view.marks = static_cast<std::uint8_t>((is_older ? FG_MARK_OUT_OF_ORDER : 0U) | marks_of(event));
  view.ip_protocol = event.ip_protocol;
  view.ip_version = event.ip_version;
  view.ttl = event.ttl;
  view.icmp_type = event.icmp_type;
  view.icmp_code = event.icmp_code;
}

fg_key key_view(const BasicFlow& flow);
fg_tags tags_view(const packet_event& event);
fg_tags tags_view(const BasicFlow& flow);  // of its first packet

// Notes in a new flow what only its first packet tells. `side` is 0 if the source sent it.
void describe_first_packet(BasicFlow& flow, const packet_event& event, unsigned side);
void describe_tunnel(OuterAddresses& outer, const packet_event& event, unsigned side);

}  // namespace flowgauge
