// Reads frames from standard input, parses each and writes the event, so that another decoder can be compared.
// Input: "decapsulate_inner drop_later_fragments udp_by_packet" as three bytes, then per frame (little-endian) link
// type, wire bytes, captured bytes (32 bits each) and the bytes. Output: per frame the reason (32 bits), the whole
// event, the length of its headers as they are copied (32 bits), and what stands in them (fg_fields).
#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "core/packet/header_fields.h"
#include "core/packet/parse/copied.h"
#include "core/packet/parse/parse.h"

namespace {

void write_fields(const std::vector<std::uint8_t>& frame, const packet_event& event, bool accepted) {
  std::uint32_t begin = 0;
  const std::uint32_t count =
      accepted ? packet_copied_bytes(&event, static_cast<std::uint32_t>(frame.size()), 0, 1, &begin) : 0;
  // A copy: a read beyond it is one beyond its memory.
  const std::vector<std::uint8_t> headers(frame.data() + begin, frame.data() + begin + count);
  const fg_fields fields = flowgauge::header_fields(event, headers);
  std::fwrite(&count, sizeof count, 1, stdout);
  std::fwrite(&fields, sizeof fields, 1, stdout);
}

}  // namespace

int main() {
  std::array<std::uint8_t, 3> switches;
  if (std::fread(switches.data(), switches.size(), 1, stdin) != 1) return 1;
  packet_parse_config config = packet_parse_defaults();
  config.decapsulate_inner = switches[0];
  config.drop_later_fragments = switches[1];
  config.udp_by_packet = switches[2];

  std::array<std::uint32_t, 3> header;
  std::vector<std::uint8_t> frame;
  while (std::fread(header.data(), sizeof header, 1, stdin) == 1) {
    const auto [link_type, wire_bytes, captured_bytes] = header;
    frame.resize(captured_bytes);
    frame.shrink_to_fit();  // a read beyond it is one beyond its memory
    if (captured_bytes && std::fread(frame.data(), captured_bytes, 1, stdin) != 1) return 1;
    packet_event event{};
    const std::uint32_t reason = packet_parse(&config, frame.data(), captured_bytes, wire_bytes, link_type, &event);
    std::fwrite(&reason, sizeof reason, 1, stdout);
    std::fwrite(&event, sizeof event, 1, stdout);
    write_fields(frame, event, reason == PACKET_ACCEPTED);
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
