// A captured frame as its reader shows it: the bytes are the reader's.
#pragma once

#include <cstdint>

namespace flowgauge {

struct Frame {
  const std::uint8_t* bytes;
  std::uint32_t captured_bytes;
  std::uint32_t wire_bytes;
  std::int64_t timestamp_ns;
  int link_type;                 // libpcap's DLT
  std::uint32_t interface;       // its number in its section of a pcapng capture; 0 elsewhere
  std::uint32_t interface_name;  // its number among the run's interface names, of 16 bits; 0: it has none
  bool timestamp_valid;          // from -2^62 ns up to, not including, 2^62 ns
};

}  // namespace flowgauge
