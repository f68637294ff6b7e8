#include "core/host/interfaces.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/host/link_query.h"

namespace flowgauge {
namespace {

std::unexpected<Error> not_told(int error) {
  return fail(ExitCode::kInput, "the kernel does not tell its network interfaces: {}", std::strerror(error));
}

// Away, down or up; as before if the kernel gives no answer this time.
InterfaceState state_now(const FileDescriptor& socket, std::uint32_t index, InterfaceState before) {
  const auto found = query_links(socket, index);
  if (!found) return found.error() == ENODEV ? InterfaceState::kAway : before;
  if (found->empty()) return before;
  return found->front().up ? InterfaceState::kUp : InterfaceState::kDown;
}

}  // namespace

Result<std::vector<Interface>> list_interfaces() {
  const FileDescriptor socket = open_link_socket();
  if (!socket) return not_told(errno);
  auto interfaces = query_links(socket, std::nullopt);
  if (!interfaces) return not_told(interfaces.error());
  std::ranges::sort(*interfaces, {}, &Interface::index);
  return std::move(*interfaces);
}

Result<Interface> find_interface(const std::string& name) {
  std::vector<Interface> interfaces = TRY(list_interfaces());
  std::vector<std::string> names;
  for (Interface& interface : interfaces) {
    if (interface.name == name) return std::move(interface);
    names.push_back(interface.name);
  }
  return fail(ExitCode::kInput, "there is no interface '{}'{}; there are {}", printable(name),
              did_you_mean(name, names), join(names));
}

Result<Interface> find_live_interface(const std::string& name) {
  Result<Interface> interface = find_interface(name);
  if (interface && !interface->up) {
    return fail(ExitCode::kInput, "interface {} is down; set it up with 'ip link set dev {} up'", name,
                shell_word(name));
  }
  return interface;
}

bool is_there(std::uint32_t index) {
  const FileDescriptor socket = open_link_socket();
  if (!socket) return true;
  const auto found = query_links(socket, index);
  return found || found.error() != ENODEV;
}

std::map<std::string, InterfaceTraffic> traffic_of_interfaces() {
  const FileDescriptor socket = open_link_socket();
  return socket ? query_traffic(socket) : std::map<std::string, InterfaceTraffic>{};
}

Result<InterfaceWatch> InterfaceWatch::open(std::span<const std::string> names) {
  FileDescriptor socket = open_link_socket();
  if (!socket) return not_told(errno);
  std::vector<Watched> watched;
  for (const std::string& name : names) {
    const Interface interface = TRY(find_interface(name));
    watched.push_back({name, interface.index, InterfaceState::kUp});
  }
  return InterfaceWatch(std::move(socket), std::move(watched));
}

std::vector<InterfaceChange> InterfaceWatch::check() {
  std::vector<InterfaceChange> changes;
  for (Watched& watched : watched_) {
    // An index is given to no second interface: what is away stays away.
    if (watched.state == InterfaceState::kAway) continue;
    const InterfaceState state = state_now(socket_, watched.index, watched.state);
    if (state == watched.state) continue;
    watched.state = state;
    changes.push_back({watched.name, state});
  }
  return changes;
}

bool InterfaceWatch::all_lost() const {
  return std::ranges::none_of(watched_, [](const Watched& watched) { return watched.state == InterfaceState::kUp; });
}

std::string message_for(const InterfaceChange& change) {
  switch (change.state) {
    case InterfaceState::kDown:
      return fmt::format("interface {} went down: none of its packets are seen until 'ip link set dev {} up'",
                         change.interface, shell_word(change.interface));
    case InterfaceState::kAway:
      return fmt::format("interface {} is gone: it was deleted, or moved to another network namespace",
                         change.interface);
    case InterfaceState::kUp:
      break;
  }
  return fmt::format("interface {} is up again", change.interface);
}

}  // namespace flowgauge
