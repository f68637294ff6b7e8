#include "core/packet/header_fields.h"

#include <algorithm>

#include "core/packet/parse/copied.h"

namespace flowgauge {
namespace {

static_assert(PACKET_HEADER_BYTES == FG_HEADER_BYTES);

constexpr std::size_t kTcpHeaderBytes = 20;  // without options

// RFC 9293 3.1: kinds 0 and 1 are one byte, all others tell their length.
enum TcpOption : std::uint8_t {
  kEnd = 0,
  kNoOperation = 1,
  kMss = 2,
  kWindowScale = 3,
  kSackPermitted = 4,
  kTimestamps = 8
};
constexpr unsigned kLastOwnBit = 62;  // of fg_fields.tcp_options; above it all kinds have one

void read_option(std::span<const std::uint8_t> option, fg_fields& fields) {
  if (option[0] == kMss && option.size() == 4) {
    fields.present |= FG_FIELD_MSS;
    fields.tcp_mss = packet_load16(option.data() + 2);
  } else if (option[0] == kWindowScale && option.size() == 3) {
    fields.present |= FG_FIELD_WINDOW_SCALE;
    fields.tcp_window_scale = option[2];
  } else if (option[0] == kSackPermitted && option.size() == 2) {
    fields.present |= FG_FIELD_SACK_PERMITTED;
  } else if (option[0] == kTimestamps && option.size() == 10) {
    fields.present |= FG_FIELD_TIMESTAMPS;
    fields.tcp_timestamp = packet_load32(option.data() + 2);
    fields.tcp_timestamp_echo = packet_load32(option.data() + 6);
  }
}

void read_options(std::span<const std::uint8_t> options, fg_fields& fields) {
  while (!options.empty()) {
    const std::uint8_t kind = options[0];
    std::size_t size = 1;
    if (kind > kNoOperation) {
      if (options.size() >= 2) size = options[1];
      if (options.size() < 2 || size < 2 || size > options.size()) {
        fields.present |= FG_FIELD_OPTIONS_CUT;
        return;
      }
    }
    fields.tcp_options |= std::uint64_t{1} << std::min<unsigned>(kind, kLastOwnBit + 1);
    if (kind == kEnd) return;
    if (kind > kNoOperation) read_option(options.first(size), fields);
    options = options.subspan(size);
  }
}

void read_tcp(const packet_event& event, std::span<const std::uint8_t> header, fg_fields& fields) {
  if (event.l4_header_bytes > header.size()) fields.present |= FG_FIELD_OPTIONS_CUT;
  header = header.first(std::min<std::size_t>(header.size(), event.l4_header_bytes));
  if (header.size() > kTcpHeaderBytes) read_options(header.subspan(kTcpHeaderBytes), fields);
}

}  // namespace

fg_fields header_fields(const packet_event& event, std::span<const std::uint8_t> headers) {
  fg_fields fields{};
  if (headers.size() < event.l3_header_bytes || headers.empty()) return fields;
  if (event.ip_version == 4) {
    fields.traffic_class = headers[1];
    fields.ip_id = packet_load16(headers.data() + 4);
    fields.present |= FG_FIELD_IP_ID;
    if ((headers[6] & 0x40U) != 0) fields.present |= FG_FIELD_DONT_FRAGMENT;
  } else {
    const std::uint32_t first = packet_load32(headers.data());
    fields.traffic_class = static_cast<std::uint8_t>(first >> 20);
    fields.flow_label = first & 0xfffff;
    fields.present |= FG_FIELD_FLOW_LABEL;
    if ((event.marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) != 0) {
      fields.ip_id = event.fragment_id;
      fields.present |= FG_FIELD_IP_ID;
    }
  }
  if (event.ip_protocol == PACKET_PROTOCOL_TCP && (event.marks & PACKET_LATER_FRAGMENT) == 0)
    read_tcp(event, headers.subspan(event.l3_header_bytes), fields);
  return fields;
}

}  // namespace flowgauge
