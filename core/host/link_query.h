// RTM_GETLINK: what the kernel knows of interfaces. Kept apart from interfaces.h for the words of netlink.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <vector>

#include "core/base/handle.h"
#include "core/host/interfaces.h"

namespace flowgauge {

// Empty, with errno set, if the kernel gives none.
[[nodiscard]] FileDescriptor open_link_socket();

// All interfaces, or the one with `index`. The error is an errno; ENODEV: there is no such interface.
[[nodiscard]] std::expected<std::vector<Interface>, int> query_links(const FileDescriptor& socket,
                                                                     std::optional<std::uint32_t> index);

// Announces changes of interfaces; empty, with errno set, if the kernel gives none.
[[nodiscard]] FileDescriptor open_link_events();

// Whether there were any since the last call, or may have been. Never blocks.
[[nodiscard]] bool take_link_events(const FileDescriptor& events);

// The counters of all interfaces, by name; empty where the kernel does not tell.
[[nodiscard]] std::map<std::string, InterfaceTraffic> query_traffic(const FileDescriptor& socket);

}  // namespace flowgauge
