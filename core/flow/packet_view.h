// What features are shown of a packet, made from its event and its flow (the plugin ABI's view structs).
#pragma once

#include "core/flow/clock.h"
#include "core/flow/flow_record.h"
#include "core/packet/event.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// As of before the packet is added to the flow. `direction` is FG_FORWARD or FG_BACKWARD.
inline fg_packet packet_view(const BasicFlow& flow, const packet_event& event, unsigned direction) {
  std::uint8_t marks = 0;
  if (event.timestamp_ns < flow.last_ns) marks |= FG_MARK_OUT_OF_ORDER;
  if ((event.marks & PACKET_FIRST_FRAGMENT) != 0) marks |= FG_MARK_FIRST_FRAGMENT;
  if ((event.marks & PACKET_LATER_FRAGMENT) != 0) marks |= FG_MARK_LATER_FRAGMENT;
  if ((event.marks & PACKET_HAS_ICMP) != 0) marks |= FG_MARK_ICMP;
  const bool first_of_direction = flow.packets[direction] == 0;
  return {
      .time_ns = event.timestamp_ns - flow.start_ns,
      .gap_ns = gap_ns(event.timestamp_ns, flow.last_ns),
      .direction_gap_ns = first_of_direction ? 0 : gap_ns(event.timestamp_ns, flow.direction_last_ns[direction]),
      .flow_index = flow.packets[0] + flow.packets[1],
      .direction_index = flow.packets[direction],
      .ip_length_bytes = event.ip_length_bytes,
      .payload_length_bytes = event.payload_length_bytes,
      .tcp_seq = event.tcp_seq,
      .tcp_ack = event.tcp_ack,
      .l3_header_bytes = event.l3_header_bytes,
      .tcp_window = event.tcp_window,
      .l4_header_bytes = event.l4_header_bytes,
      .tcp_flags = event.tcp_flags,
      .direction = static_cast<std::uint8_t>(direction),
      .marks = marks,
      .ip_protocol = event.ip_protocol,
      .ip_version = event.ip_version,
      .ttl = event.ttl,
      .icmp_type = event.icmp_type,
      .icmp_code = event.icmp_code,
      .reserved = {},
  };
}

fg_key key_view(const BasicFlow& flow);
fg_tags tags_view(const packet_event& event);
fg_tags tags_view(const BasicFlow& flow);  // of its first packet

// Notes in a new flow what only its first packet tells. `side` is 0 if the source sent it.
void describe_first_packet(BasicFlow& flow, const packet_event& event, unsigned side);

}  // namespace flowgauge
