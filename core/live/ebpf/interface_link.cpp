#include "core/live/ebpf/interface_link.h"

#include <net/if_arp.h>

namespace flowgauge {

Result<InterfaceLink> link_of(const Interface& interface) {
  InterfaceLink link;
  link.index = interface.index;
  switch (interface.hardware_type) {
    case ARPHRD_LOOPBACK:
      link.is_loopback = true;
      [[fallthrough]];
    case ARPHRD_ETHER:
      link.link_type = kEthernetLink;
      return link;
    case ARPHRD_NONE:  // tun, WireGuard
    case ARPHRD_PPP:   // its header is added and removed beyond the hook
    case ARPHRD_RAWIP:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
      link.link_type = kRawIpLink;
      return link;
    default:
      return fail(
          ExitCode::kInput,
          "{}: eBPF captures interfaces with Ethernet frames or bare IP packets, and this one's hardware type is {}; "
          "--capture pcap may take it",
          interface.name, interface.hardware_type);
  }
}

}  // namespace flowgauge
