#include "core/live/ebpf/interface_link.h"

#include <net/if_arp.h>

#include "core/base/try.h"
#include "core/host/interfaces.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kEthernet = 1;
constexpr std::uint32_t kRawIp = 101;

}  // namespace

Result<InterfaceLink> find_interface_link(const std::string& name) {
  const auto interface = TRY(find_live_interface(name));
  InterfaceLink link;
  link.index = interface.index;
  switch (interface.hardware_type) {
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
          name, interface.hardware_type);
  }
}

}  // namespace flowgauge
