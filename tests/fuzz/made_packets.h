// Packets as a few bytes of an input say, near enough to traffic that flows go through all of their life: four
// conversations, numbers of TCP that go on from each other, times that mostly go forward.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "core/packet/event.h"
#include "core/packet/event_block.h"
#include "core/packet/parse/copied.h"
#include "tests/fuzz/input_bytes.h"

namespace flowgauge::test {

class MadePackets {
 public:
  explicit MadePackets(InputBytes& input) {
    while (!input.empty()) packets_.push_back(next(input));
  }

  [[nodiscard]] const std::vector<packet_event>& events() const { return packets_; }
  // By how much the wall clock is set before each of them, mostly 0: its time has that in it.
  [[nodiscard]] const std::vector<std::int64_t>& steps_ns() const { return steps_ns_; }

 private:
  struct Bytes {  // of one packet
    std::uint8_t who;
    std::uint8_t kind;
    std::uint8_t flags;
    std::uint8_t window;
    std::uint16_t step;
    std::uint16_t payload;
    std::int16_t seq;
    std::int16_t ack;
  };
  static_assert(sizeof(Bytes) == 12);

  static constexpr std::array<std::uint8_t, 8> kProtocols = {6, 6, 6, 17, 1, 132, 47, 58};
  static constexpr std::array<std::int64_t, 8> kStepsNs = {
      1, 1'000, 1'000'000, 1'000'000'000, 60'000'000'000, 3'600'000'000'000, -1'000'000, -7'000'000'000};

  packet_event next(InputBytes& input) {
    const auto bytes = input.take<Bytes>();
    const unsigned conversation = bytes.who & 3;
    const bool is_answer = (bytes.who & 4) != 0;
    packet_event event{};
    steps_ns_.push_back((bytes.who & 0x80) != 0 ? moved_by(kStepsNs[bytes.kind & 7] * bytes.ack) : 0);
    moved_by(kStepsNs[bytes.step & 7] * (bytes.step >> 3));
    event.timestamp_ns = time_ns_;
    event.ip_version = (bytes.who & 8) != 0 ? 6 : 4;
    event.ip_protocol = kProtocols[bytes.who >> 4 & 7];
    event.ttl = bytes.window;
    event.l3_header_bytes = event.ip_version == 4 ? 20 : 40;
    std::uint8_t* const client = is_answer ? event.dst_address : event.src_address;
    std::uint8_t* const server = is_answer ? event.src_address : event.dst_address;
    client[0] = server[0] = 10;
    client[3] = static_cast<std::uint8_t>(1 + (conversation & 1));
    server[3] = static_cast<std::uint8_t>(conversation == 3 ? client[3] : 9);  // the last one is with itself
    event.payload_length_bytes = bytes.payload;
    fill_in_transport(bytes, is_answer ? 1 : 0, event);
    fill_in_layers(bytes, event);
    event.payload_offset = static_cast<std::uint16_t>(event.l3_header_bytes + event.l4_header_bytes);
    event.ip_length_bytes = event.payload_offset + event.payload_length_bytes;
    return event;
  }

  // Times stay within what packets may have (docs/semantics.md, section 1).
  std::int64_t moved_by(std::int64_t step_ns) {
    constexpr std::int64_t kEndNs = (std::int64_t{1} << 62) - 1;
    if (step_ns > kEndNs - time_ns_ || step_ns < -kEndNs - time_ns_) return 0;
    time_ns_ += step_ns;
    return step_ns;
  }

  void fill_in_transport(const Bytes& bytes, std::size_t direction, packet_event& event) {
    const bool has_ports = event.ip_protocol == 6 || event.ip_protocol == 17 || event.ip_protocol == 132;
    if (has_ports) {
      (direction == 0 ? event.src_port : event.dst_port) = static_cast<std::uint16_t>(1000 + (bytes.who & 2));
      (direction == 0 ? event.dst_port : event.src_port) = 80;
    }
    if (event.ip_protocol == 6) {
      event.l4_header_bytes = static_cast<std::uint8_t>(20 + 4 * (bytes.kind & 7));
      event.tcp_flags = bytes.flags;
      event.tcp_window = static_cast<std::uint16_t>(bytes.window << 8 | bytes.window);
      auto& sent = sent_[bytes.who & 3];
      event.tcp_seq = sent[direction] + static_cast<std::uint32_t>(bytes.seq);
      event.tcp_ack = sent[1 - direction] + static_cast<std::uint32_t>(bytes.ack);
      sent[direction] = event.tcp_seq + bytes.payload + std::popcount(bytes.flags & 3U);  // FIN and SYN count
    } else if (event.ip_protocol == 1 || event.ip_protocol == 58) {
      event.l4_header_bytes = 8;
      event.icmp_type = bytes.flags;
      event.icmp_code = bytes.window;
      event.marks |= PACKET_HAS_ICMP;
    } else if (event.ip_protocol == 132) {
      event.l4_header_bytes = 12;
      event.sctp_tag = static_cast<std::uint32_t>(bytes.seq);
      event.marks |= bytes.flags & PACKET_SCTP;
    } else if (event.ip_protocol == 17) {
      event.l4_header_bytes = 8;
    }
  }

  // What is around the packet, of the upper bits of its kind.
  static void fill_in_layers(const Bytes& bytes, packet_event& event) {
    if ((bytes.kind & 8) != 0) {
      event.vlan_count = (bytes.ack & 4) != 0 ? 2 : 1;
      event.outer_vlan_id = static_cast<std::uint16_t>(bytes.ack & 3);
      event.inner_vlan_id = event.vlan_count == 2 ? 7 : 0;
    }
    event.interface = static_cast<std::uint16_t>((bytes.ack >> 3 & 3) % 3);  // two have names
    if ((bytes.ack & 32) != 0) event.key_interface = event.interface;
    if ((bytes.kind & 16) != 0) {
      event.tunnel_type = PACKET_TUNNEL_VXLAN;
      event.tunnel_id = bytes.window & 1U;
      event.marks |= PACKET_HAS_TUNNEL_ID;
      event.outer_ip_version = 4;
      event.outer_src_address[0] = event.outer_dst_address[0] = bytes.window;
    }
    if ((bytes.kind & 32) != 0) event.marks |= PACKET_HAS_MAC, event.src_mac[0] = bytes.window;
    if ((bytes.kind & 64) != 0) event.marks |= PACKET_FIRST_FRAGMENT;
    if ((bytes.kind & 192) == 128) {
      event.marks |= PACKET_LATER_FRAGMENT;
      event.l4_header_bytes = event.tcp_flags = 0;
    }
  }

  std::int64_t time_ns_ = 1'700'000'000'000'000'000;
  std::array<std::array<std::uint32_t, 2>, 4> sent_{};  // of each conversation and direction
  std::vector<packet_event> packets_;
  std::vector<std::int64_t> steps_ns_;
};

// Of the newest event: headers and payload, no two bytes of which are the same by chance.
inline void add_bytes(std::size_t frame, const BytesWanted& wanted, EventBlock& block) {
  packet_event& event = block.events.back();
  const std::uint32_t headers = wanted.headers ? packet_header_bytes(&event) : 0;
  std::vector<std::uint8_t> bytes(headers + std::min(event.payload_length_bytes, wanted.payload_bytes));
  for (std::size_t at = 0; at < bytes.size(); ++at) bytes[at] = static_cast<std::uint8_t>(frame * 31 + at * 7);
  block.add_bytes(bytes.data(), static_cast<std::uint32_t>(bytes.size()), event);
}

}  // namespace flowgauge::test
