#include "core/host/interfaces.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/host/link_query.h"

namespace flowgauge {
namespace {

std::unexpected<Error> not_told(int error) {
  return fail(ExitCode::kInput, "the kernel does not tell its network interfaces: {}", std::strerror(error));
}

// Empty of another family.
std::string address_text(const sockaddr& address) {
  const void* bytes = nullptr;
  if (address.sa_family == AF_INET) bytes = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  if (address.sa_family == AF_INET6) bytes = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (bytes != nullptr) ::inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return text.data();
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

std::map<std::string, std::vector<std::string>> addresses_of_interfaces() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, &::freeifaddrs);
  std::map<std::string, std::vector<std::string>> addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    const std::string name(one->ifa_name, std::strcspn(one->ifa_name, ":"));  // "eth0:1" is a label of an address
    if (std::string text = address_text(*one->ifa_addr); !text.empty()) addresses[name].push_back(std::move(text));
  }
  return addresses;
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
