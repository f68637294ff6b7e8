#include "core/live/interface_link.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kRawIp = 101;

}  // namespace

Result<InterfaceLink> find_interface_link(const std::string& name) {
  InterfaceLink link;
  link.index = ::if_nametoindex(name.c_str());
  if (link.index == 0) {
    return fail(ExitCode::kInput, "{}: {}; 'ip link' lists the interfaces", name,
                errno == ENODEV ? "no such network interface" : std::strerror(errno));
  }
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  name.copy(request.ifr_name, sizeof request.ifr_name - 1);
  if (!socket || ::ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0) {
    return fail(ExitCode::kInput, "{}: cannot ask for the kind of interface: {}", name, std::strerror(errno));
  }
  switch (const int kind = request.ifr_hwaddr.sa_family) {
    case ARPHRD_LOOPBACK:
      link.is_loopback = true;
      [[fallthrough]];
    case ARPHRD_ETHER:
      link.link_type = kEthernet;
      return link;
    case ARPHRD_NONE:  // tun, WireGuard
    case ARPHRD_PPP:   // its header is added and removed beyond the hook
    case ARPHRD_RAWIP:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
      link.link_type = kRawIp;
      return link;
    default:
      return fail(
          ExitCode::kInput,
          "{}: eBPF captures interfaces with Ethernet frames or bare IP packets, and this one's hardware type is {}; "
          "--capture pcap may take it",
          name, kind);
  }
}

}  // namespace flowgauge
