#include "tests/support/event_text.h"

#include <cstdint>
#include <span>

namespace flowgauge::test {

namespace {

void add(std::string& text, const char* name, std::int64_t value) {
  if (value != 0) text += std::string(name) + " " + std::to_string(value) + "\n";
}

void add_bytes(std::string& text, const char* name, std::span<const std::uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  bool any = false;
  for (const std::uint8_t byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
    any = any || byte != 0;
  }
  if (any) text += std::string(name) + " " + hex + "\n";
}

}  // namespace

std::string event_text(const packet_event& event) {
  std::string text;
  add(text, "timestamp_ns", event.timestamp_ns);
  add_bytes(text, "src_address", event.src_address);
  add_bytes(text, "dst_address", event.dst_address);
  add(text, "src_port", event.src_port);
  add(text, "dst_port", event.dst_port);
  add(text, "ip_length_bytes", event.ip_length_bytes);
  add(text, "payload_length_bytes", event.payload_length_bytes);
  add(text, "tcp_seq", event.tcp_seq);
  add(text, "tcp_ack", event.tcp_ack);
  add(text, "tcp_window", event.tcp_window);
  add(text, "tcp_flags", event.tcp_flags);
  add(text, "ip_protocol", event.ip_protocol);
  add(text, "l3_header_bytes", event.l3_header_bytes);
  add(text, "l4_header_bytes", event.l4_header_bytes);
  add(text, "ttl", event.ttl);
  add(text, "ip_version", event.ip_version);
  add(text, "icmp_type", event.icmp_type);
  add(text, "icmp_code", event.icmp_code);
  add(text, "marks", event.marks);
  add(text, "outer_vlan_id", event.outer_vlan_id);
  add(text, "inner_vlan_id", event.inner_vlan_id);
  add(text, "vlan_count", event.vlan_count);
  add(text, "tunnel_type", event.tunnel_type);
  add(text, "fragment_protocol", event.fragment_protocol);
  add(text, "partition", event.partition);
  add(text, "tunnel_id", event.tunnel_id);
  add(text, "fragment_id", event.fragment_id);
  add(text, "interface", event.interface);
  add(text, "key_interface", event.key_interface);
  add(text, "outer_ip_version", event.outer_ip_version);
  add(text, "reserved", event.reserved);
  add(text, "payload_offset", event.payload_offset);
  add_bytes(text, "outer_src_address", event.outer_src_address);
  add_bytes(text, "outer_dst_address", event.outer_dst_address);
  add_bytes(text, "src_mac", event.src_mac);
  add_bytes(text, "dst_mac", event.dst_mac);
  add(text, "payload_captured_bytes", event.payload_captured_bytes);
  return text;
}

}  // namespace flowgauge::test
