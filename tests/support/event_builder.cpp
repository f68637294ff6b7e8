#include "tests/support/event_builder.h"

#include <algorithm>

namespace flowgauge::test {

EventBuilder& EventBuilder::start(std::string_view src, std::uint16_t src_port, std::string_view dst,
                                  std::uint16_t dst_port, std::uint8_t protocol, std::uint8_t l4_header_bytes) {
  const Address from = address(src);
  const Address to = address(dst);
  std::ranges::copy(from.bytes, event_.src_address);
  std::ranges::copy(to.bytes, event_.dst_address);
  event_.src_port = src_port;
  event_.dst_port = dst_port;
  event_.ip_version = from.version;
  event_.ip_protocol = protocol;
  event_.l3_header_bytes = from.version == 4 ? 20 : 40;
  event_.l4_header_bytes = l4_header_bytes;
  event_.ttl = 64;
  set_lengths();
  return *this;
}

EventBuilder& EventBuilder::tcp(std::string_view src, std::uint16_t src_port, std::string_view dst,
                                std::uint16_t dst_port) {
  event_.tcp_window = 1024;
  return start(src, src_port, dst, dst_port, 6, 20);
}

EventBuilder& EventBuilder::udp(std::string_view src, std::uint16_t src_port, std::string_view dst,
                                std::uint16_t dst_port) {
  return start(src, src_port, dst, dst_port, 17, 8);
}

EventBuilder& EventBuilder::sctp(std::string_view src, std::uint16_t src_port, std::string_view dst,
                                 std::uint16_t dst_port) {
  return start(src, src_port, dst, dst_port, 132, 12);
}

EventBuilder& EventBuilder::tag(std::uint32_t verification_tag) {
  event_.sctp_tag = verification_tag;
  return *this;
}

EventBuilder& EventBuilder::init(std::uint32_t initiate_tag) {
  event_.marks |= PACKET_SCTP_INIT;
  return tag(initiate_tag);
}

EventBuilder& EventBuilder::abort() {
  event_.marks |= PACKET_SCTP_ABORT;
  return *this;
}

EventBuilder& EventBuilder::shutdown_complete() {
  event_.marks |= PACKET_SCTP_COMPLETE;
  return *this;
}

EventBuilder& EventBuilder::icmp(std::string_view src, std::string_view dst, std::uint8_t type, std::uint8_t code) {
  start(src, 0, dst, 0, 1, 8);
  if (event_.ip_version == 6) event_.ip_protocol = 58;
  event_.icmp_type = type;
  event_.icmp_code = code;
  event_.marks |= PACKET_HAS_ICMP;
  return *this;
}

EventBuilder& EventBuilder::ip(std::string_view src, std::string_view dst, std::uint8_t protocol) {
  return start(src, 0, dst, 0, protocol, 0);
}

EventBuilder& EventBuilder::at(std::int64_t timestamp_ns) {
  event_.timestamp_ns = timestamp_ns;
  return *this;
}

EventBuilder& EventBuilder::flags(std::string_view letters) {
  event_.tcp_flags = tcp_flags(letters);
  return *this;
}

EventBuilder& EventBuilder::seq(std::uint32_t number) {
  event_.tcp_seq = number;
  return *this;
}

EventBuilder& EventBuilder::ack(std::uint32_t number) {
  event_.tcp_ack = number;
  return *this;
}

EventBuilder& EventBuilder::window(std::uint16_t window) {
  event_.tcp_window = window;
  return *this;
}

EventBuilder& EventBuilder::payload(std::uint32_t bytes) {
  event_.payload_length_bytes = bytes;
  set_lengths();
  return *this;
}

EventBuilder& EventBuilder::l4_header(std::uint8_t bytes) {
  event_.l4_header_bytes = bytes;
  set_lengths();
  return *this;
}

EventBuilder& EventBuilder::vlan(std::uint16_t id) {
  (event_.vlan_count == 0 ? event_.outer_vlan_id : event_.inner_vlan_id) = id;
  event_.vlan_count += 1;
  return *this;
}

EventBuilder& EventBuilder::tunnel(packet_tunnel type) {
  event_.tunnel_type = type;
  return *this;
}

EventBuilder& EventBuilder::tunnel(packet_tunnel type, std::uint32_t id) {
  event_.tunnel_type = type;
  event_.tunnel_id = id;
  event_.marks |= PACKET_HAS_TUNNEL_ID;
  return *this;
}

EventBuilder& EventBuilder::first_fragment(std::uint32_t id) {
  set_fragment(id, PACKET_FIRST_FRAGMENT);
  return *this;
}

EventBuilder& EventBuilder::later_fragment(std::uint32_t id) {
  set_fragment(id, PACKET_LATER_FRAGMENT);
  event_.src_port = event_.dst_port = event_.tcp_window = 0;
  event_.tcp_seq = event_.tcp_ack = 0;
  event_.tcp_flags = event_.l4_header_bytes = event_.icmp_type = event_.icmp_code = 0;
  event_.marks &= static_cast<std::uint8_t>(~PACKET_HAS_ICMP);
  set_lengths();
  return *this;
}

EventBuilder& EventBuilder::mac(std::uint8_t src_last_byte, std::uint8_t dst_last_byte) {
  event_.src_mac[0] = event_.dst_mac[0] = 2;
  event_.src_mac[5] = src_last_byte;
  event_.dst_mac[5] = dst_last_byte;
  event_.marks |= PACKET_HAS_MAC;
  return *this;
}

EventBuilder& EventBuilder::outer(std::string_view src, std::string_view dst) {
  std::ranges::copy(address(src).bytes, event_.outer_src_address);
  std::ranges::copy(address(dst).bytes, event_.outer_dst_address);
  event_.outer_ip_version = address(src).version;
  return *this;
}

EventBuilder& EventBuilder::ttl(std::uint8_t ttl) {
  event_.ttl = ttl;
  return *this;
}

EventBuilder& EventBuilder::l3_header(std::uint16_t bytes) {
  event_.l3_header_bytes = bytes;
  set_lengths();
  return *this;
}

EventBuilder& EventBuilder::ip_length(std::uint32_t bytes) {
  event_.ip_length_bytes = bytes;
  return *this;
}

EventBuilder& EventBuilder::fragment_protocol(std::uint8_t protocol) {
  event_.fragment_protocol = protocol;
  return *this;
}

EventBuilder& EventBuilder::protocol(std::uint8_t protocol) {
  event_.ip_protocol = protocol;
  return *this;
}

EventBuilder& EventBuilder::ports(std::uint16_t src, std::uint16_t dst) {
  event_.src_port = src;
  event_.dst_port = dst;
  return *this;
}

EventBuilder& EventBuilder::payload_at(std::uint16_t offset, std::uint32_t captured_bytes) {
  event_.payload_offset = offset;
  event_.payload_captured_bytes = captured_bytes;
  return *this;
}

void EventBuilder::set_fragment(std::uint32_t id, std::uint8_t mark) {
  event_.fragment_id = id;
  event_.fragment_protocol = event_.ip_protocol;
  event_.marks |= mark;
}

void EventBuilder::set_lengths() {
  event_.ip_length_bytes = event_.l3_header_bytes + event_.l4_header_bytes + event_.payload_length_bytes;
}

}  // namespace flowgauge::test
