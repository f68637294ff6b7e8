// packet_parse() over any frame, link type and configuration, and what features are shown of the frame. An input is two
// bytes of link type, one of configuration, one that says how much longer the frame was on the wire, and the frame.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "core/packet/header_fields.h"
#include "core/packet/parse/copied.h"
#include "core/packet/parse/parse.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::must_hold;

constexpr std::size_t kSettings = 4;
constexpr std::uint32_t kLinkTypes = 400;  // above the last one that LINKTYPE_ has

// Most numbers are no link type that is read; each of them stands for one that is.
std::uint32_t link_type(std::uint32_t number) {
  static const std::vector<std::uint32_t> supported = [] {
    std::vector<std::uint32_t> list;
    for (std::uint32_t type = 0; type < kLinkTypes; ++type) {
      if (packet_link_type_supported(type) != 0) list.push_back(type);
    }
    return list;
  }();
  return packet_link_type_supported(number) != 0 ? number : supported[number % supported.size()];
}

// What the parser leaves to its caller.
void take_the_callers(packet_event& event) {
  event.timestamp_ns = 0;
  event.interface = event.key_interface = 0;
  event.partition = 0;
}

// Headers and payload, copied to memory of their very size.
void read_bytes(packet_event event, const std::uint8_t* frame, std::uint32_t captured, std::uint32_t payload_wanted) {
  const std::uint32_t payload_bytes = std::min(event.payload_captured_bytes, payload_wanted);
  std::uint32_t begin = 0;
  const std::uint32_t count = packet_copied_bytes(&event, captured, payload_wanted, 1, &begin);
  must_hold(count == 0 || (begin <= captured && count <= captured - begin), "what is copied lies in the frame");
  const std::uint32_t header_bytes = std::min(count, packet_header_bytes(&event));
  must_hold(count - header_bytes == payload_bytes, "behind the headers stands the payload that is wanted");
  const auto headers = std::make_unique<std::uint8_t[]>(header_bytes);
  std::copy_n(frame + begin, header_bytes, headers.get());
  const fg_fields fields = flowgauge::header_fields(event, {headers.get(), header_bytes});
  must_hold(event.ip_version == 4 || (fields.present & FG_FIELD_DONT_FRAGMENT) == 0, "IPv6 has no such bit");
  must_hold(event.ip_protocol == PACKET_PROTOCOL_TCP || fields.tcp_options == 0, "options are those of TCP");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kSettings) return -1;
  packet_parse_config config = packet_parse_defaults();
  config.decapsulate_inner = (data[2] & 1) == 0;
  config.drop_later_fragments = (data[2] & 2) != 0;
  config.udp_by_packet = (data[2] & 0x20) != 0;
  constexpr std::uint8_t kCookies[] = {0, 4, 8, 0};
  config.l2tpv3_cookie_bytes = kCookies[data[2] >> 2 & 3];
  if ((data[2] & 0x10) != 0) {  // ports of a profile, one of them another tunnel's
    config.vxlan_ports[0] = 48879;
    config.geneve_ports[7] = 53;
    config.gtpu_ports[1] = PACKET_PORT_VXLAN_GPE;
    packet_note_ports(&config);
  }
  const bool takes_one = (data[2] & 0x40) != 0;
  if (takes_one) {
    packet_accept_no_protocol(&config);
    packet_accept_protocol(&config, PACKET_PROTOCOL_TCP);
  }
  const auto captured = static_cast<std::uint32_t>(size - kSettings);
  const std::uint32_t wire = captured + data[3] * 64U;
  // Of its very size, so that a read behind it is found.
  const auto frame = std::make_unique<std::uint8_t[]>(captured);
  std::copy(data + kSettings, data + size, frame.get());

  packet_event events[2];
  std::memset(&events[0], 0x00, sizeof events[0]);
  std::memset(&events[1], 0xff, sizeof events[1]);
  packet_reason reasons[2];
  for (int round = 0; round < 2; ++round) {
    reasons[round] =
        packet_parse(&config, frame.get(), captured, wire, link_type(data[0] | data[1] << 8), &events[round]);
    take_the_callers(events[round]);
  }
  must_hold(reasons[0] == reasons[1] && reasons[0] < PACKET_REASON_COUNT, "the same reason twice, one that has a name");
  if (reasons[0] != PACKET_ACCEPTED) return 0;
  const packet_event& event = events[0];
  must_hold(std::memcmp(&event, &events[1], sizeof event) == 0, "every field is set");
  must_hold(event.ip_version == 4 || event.ip_version == 6, "the packet is IP");
  // A later fragment of IPv6 does not say its protocol.
  must_hold(!takes_one || event.ip_protocol == PACKET_PROTOCOL_TCP || (event.marks & PACKET_LATER_FRAGMENT) != 0,
            "the packet is of a protocol that is asked for");
  must_hold(event.payload_captured_bytes == 0 || event.payload_offset + event.payload_captured_bytes <= captured,
            "the payload lies in the frame");
  must_hold(
      event.l3_header_bytes + event.payload_length_bytes <= event.ip_length_bytes || event.payload_length_bytes == 0,
      "the payload is no longer than the packet");
  must_hold(event.tunnel_type < PACKET_TUNNEL_COUNT, "the tunnel has a name");
  read_bytes(event, frame.get(), captured, data[3]);
  flowgauge::test::note_taken();
  return 0;
}
