// How the host's memory looks to a feature that is checked.
#pragma once

#include <cstdint>

#include "core/check/guarded_struct.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

enum class ArenaRoom : std::uint8_t { kPlenty, kNone };

// Whose structs they are: those of a host of ABI 1.0 end where that ended.
enum class StructsOf : std::uint8_t { kThisHost, kOldestHost };

struct Shape {
  std::uint32_t more_stride = 0;    // junk behind each packet, key, tag, payload and flow; a multiple of 8
  std::uint32_t more_packet = 0;    // how much of that packet_size counts: a newer host
  std::uint32_t state_offset = 64;  // a multiple of 64, at least 64
  Behind behind = Behind::kSlack;   // the structs
  std::uint32_t minor = FG_ABI_MINOR;
  StructsOf structs = StructsOf::kThisHost;
  ArenaRoom arena = ArenaRoom::kPlenty;
  Behind payload = Behind::kSlack;  // kTrap: reading behind a payload, or behind headers, crashes
};

}  // namespace flowgauge
