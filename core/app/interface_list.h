// What `flowgauge realtime` says where no interface was named: which there are, and how each could be captured. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/app/doctor.h"

namespace flowgauge {

using AddressesByName = std::map<std::string, std::vector<std::string>>;

// Lines of a table: name, state, kind, how it could be captured, addresses. What stands against all capture, if
// something does, comes last.
[[nodiscard]] std::string interface_list(const HostFacts& facts, const AddressesByName& addresses);

// "an interface is missing; name one, as in 'flowgauge realtime eth0'": of those that are there the one that most
// likely is meant.
[[nodiscard]] std::string missing_interface_text(const HostFacts& facts, const AddressesByName& addresses);

}  // namespace flowgauge
