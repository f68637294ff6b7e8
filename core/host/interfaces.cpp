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
    if (interface.name == name || std::ranges::find(interface.other_names, name) != interface.other_names.end())
      return std::move(interface);
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

}  // namespace flowgauge
