#include "core/check/made_headers.h"

#include <algorithm>

#include "core/packet/event.h"
#include "core/packet/header_fields.h"

namespace flowgauge {
namespace {

constexpr std::uint8_t kTcpProtocol = 6;
constexpr std::uint8_t kSynHeaderBytes = 40;

// Big-endian numbers, one behind the other.
class HeaderWriter {
 public:
  explicit HeaderWriter(MadeHeaders& made) : made_(made) {}

  HeaderWriter& put(std::uint64_t value, unsigned bytes) {
    while (bytes-- > 0) made_.bytes[made_.size_bytes++] = static_cast<std::uint8_t>(value >> 8 * bytes);
    return *this;
  }
  HeaderWriter& put(std::span<const std::uint8_t> bytes) {
    std::ranges::copy(bytes, made_.bytes.begin() + made_.size_bytes);
    made_.size_bytes += static_cast<std::uint32_t>(bytes.size());
    return *this;
  }

 private:
  MadeHeaders& made_;
};

}  // namespace

MadeHeaders make_headers(const fg_packet& packet, const fg_key& key, std::uint32_t number, const HeaderGuise& guise) {
  MadeHeaders made;
  HeaderWriter writer(made);
  const bool is_forward = packet.direction == FG_FORWARD;
  const std::size_t address_bytes = packet.ip_version == 4 ? 4 : 16;
  const auto source = std::span(is_forward ? key.source_address : key.destination_address).first(address_bytes);
  const auto destination = std::span(is_forward ? key.destination_address : key.source_address).first(address_bytes);
  const std::uint32_t id = (number * 7 + (guise.os ? 30000 : 1)) & 0xffffU;
  const std::uint32_t traffic_class = guise.traffic_class ? 0xb9 : number % 3 == 0 ? 0x02 : 0;
  if (packet.ip_version == 4) {
    writer.put(0x45, 1).put(traffic_class, 1).put(std::min(packet.ip_length_bytes, 0xffffU), 2).put(id, 2);
    writer.put(guise.os ? 0 : 0x4000, 2).put(packet.ttl, 1).put(packet.ip_protocol, 1).put(0, 2);
  } else {
    writer.put(0x60000000U | traffic_class << 20 | id, 4).put((packet.ip_length_bytes - 40) & 0xffffU, 2);
    writer.put(packet.ip_protocol, 1).put(packet.ttl, 1);
  }
  writer.put(source).put(destination);
  writer.put(is_forward ? key.source_port : key.destination_port, 2);
  writer.put(is_forward ? key.destination_port : key.source_port, 2);
  if (packet.ip_protocol == kTcpProtocol) {
    writer.put(packet.tcp_seq, 4).put(packet.tcp_ack, 4).put(packet.l4_header_bytes / 4U << 4, 1);
    writer.put(packet.tcp_flags, 1).put(packet.tcp_window, 2).put(0, 4);
    if (packet.l4_header_bytes == kSynHeaderBytes) {
      writer.put(2, 1).put(4, 1).put(guise.os ? 1400 : 1460, 2).put(4, 1).put(2, 1);
      writer.put(8, 1).put(10, 1).put(number * 1000 + (guise.os ? 1U << 31U : 0), 4).put(number, 4);
      writer.put(1, 1).put(3, 1).put(3, 1).put(guise.os ? 8 : 7, 1);
    }
  } else {
    writer.put((packet.payload_length_bytes + 8) & 0xffffU, 2).put(0, 2);
  }
  packet_event event{};
  event.ip_version = packet.ip_version;
  event.ip_protocol = packet.ip_protocol;
  event.l3_header_bytes = packet.l3_header_bytes;
  event.l4_header_bytes = packet.l4_header_bytes;
  made.fields = header_fields(event, made.span());
  return made;
}

}  // namespace flowgauge
