// What the kernel program must know of an interface: its number, and what its frames begin with.
#pragma once

#include <cstdint>
#include "core/base/result.h"
#include "core/host/interfaces.h"

namespace flowgauge {

struct InterfaceLink {
  unsigned index = 0;
  std::uint32_t link_type = 0;  // as packet_parse() takes it
  bool is_loopback = false;
};

inline constexpr std::uint32_t kEthernetLink = 1;
inline constexpr std::uint32_t kRawIpLink = 101;

// Fails for interfaces whose frames the program does not see from their first byte.
[[nodiscard]] Result<InterfaceLink> link_of(const Interface& interface);

}  // namespace flowgauge
