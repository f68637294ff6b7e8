// What the kernel program must know of an interface: its number, and what its frames begin with.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"

namespace flowgauge {

struct InterfaceLink {
  unsigned index = 0;
  std::uint32_t link_type = 0;  // as packet_parse() takes it
  bool is_loopback = false;
};

// Fails for interfaces that do not exist, and for those whose frames the program does not see from their first byte.
[[nodiscard]] Result<InterfaceLink> find_interface_link(const std::string& name);

}  // namespace flowgauge
