// What sources do alike with the interfaces that they follow.
#pragma once

#include <map>
#include <string>

#include "core/host/interface_watch.h"
#include "core/host/interfaces.h"

namespace flowgauge {

// Says what changed since the last call; whether anything did.
bool tell_changes(InterfaceWatch& interfaces);

// The interfaces' own counters, under the names that they had at first.
[[nodiscard]] std::map<std::string, InterfaceTraffic> traffic_by_first_name(const InterfaceWatch& interfaces);

}  // namespace flowgauge
