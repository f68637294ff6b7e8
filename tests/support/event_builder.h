// Packet events without frames, for tests of what comes after the parser:
//   event().tcp("10.0.0.1", 1000, "10.0.0.2", 80).flags("SA").seq(1).ack(2).payload(10).at(3_ms)
#pragma once

#include <cstdint>
#include <string_view>

#include "core/packet/event.h"
#include "tests/support/address.h"

namespace flowgauge::test {

// Call the protocol first: it sets headers and lengths (IPv4 20 or IPv6 40, TCP 20, UDP and ICMP 8 bytes). Every other
// call changes its own field, and the lengths that follow from it. Converts to the event.
class EventBuilder {
 public:
  EventBuilder& tcp(std::string_view src, std::uint16_t src_port, std::string_view dst, std::uint16_t dst_port);
  EventBuilder& udp(std::string_view src, std::uint16_t src_port, std::string_view dst, std::uint16_t dst_port);
  EventBuilder& sctp(std::string_view src, std::uint16_t src_port, std::string_view dst, std::uint16_t dst_port);
  EventBuilder& icmp(std::string_view src, std::string_view dst, std::uint8_t type, std::uint8_t code = 0);
  EventBuilder& ip(std::string_view src, std::string_view dst, std::uint8_t protocol);

  EventBuilder& at(std::int64_t timestamp_ns);
  EventBuilder& flags(std::string_view letters);  // "SA", see tcp_flags()
  EventBuilder& seq(std::uint32_t number);
  EventBuilder& ack(std::uint32_t number);  // the number only: the flag is flags("A")
  EventBuilder& window(std::uint16_t window);
  EventBuilder& tag(std::uint32_t verification_tag);  // SCTP
  EventBuilder& init(std::uint32_t initiate_tag);     // SCTP: what the chunks say, one of these three
  EventBuilder& abort();
  EventBuilder& shutdown_complete();
  EventBuilder& payload(std::uint32_t bytes);
  EventBuilder& l4_header(std::uint8_t bytes);
  EventBuilder& vlan(std::uint16_t id);  // again for an inner tag
  EventBuilder& tunnel(packet_tunnel type);
  EventBuilder& tunnel(packet_tunnel type, std::uint32_t id);
  EventBuilder& first_fragment(std::uint32_t id);
  EventBuilder& later_fragment(std::uint32_t id);                             // takes ports, flags and numbers away
  EventBuilder& mac(std::uint8_t src_last_byte, std::uint8_t dst_last_byte);  // 02:00:00:00:00:xx

  // For tests of the parser: what does not follow from the calls above.
  EventBuilder& outer(std::string_view src, std::string_view dst);
  EventBuilder& ttl(std::uint8_t ttl);
  EventBuilder& l3_header(std::uint16_t bytes);
  EventBuilder& ip_length(std::uint32_t bytes);
  EventBuilder& fragment_protocol(std::uint8_t protocol);
  EventBuilder& protocol(std::uint8_t protocol);
  EventBuilder& ports(std::uint16_t src, std::uint16_t dst);
  EventBuilder& payload_at(std::uint16_t offset, std::uint32_t captured_bytes);

  [[nodiscard]] const packet_event& build() const { return event_; }
  operator packet_event() const { return event_; }  // NOLINT(google-explicit-constructor): reads well in lists

 private:
  EventBuilder& start(std::string_view src, std::uint16_t src_port, std::string_view dst, std::uint16_t dst_port,
                      std::uint8_t protocol, std::uint8_t l4_header_bytes);
  void set_lengths();
  void set_fragment(std::uint32_t id, std::uint8_t mark);

  packet_event event_{};
};

inline EventBuilder event() { return {}; }

}  // namespace flowgauge::test
