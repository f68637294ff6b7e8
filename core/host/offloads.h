// Offloads that join packets before a capture sees them: one super-packet then stands for many packets on the wire, in
// eBPF and in libpcap alike. Found out by ethtool's ioctl; no privilege needed.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/host/interfaces.h"

namespace flowgauge {

enum class WatchedTraffic { kIngress, kBothDirections };

struct Offloads {
  bool gro = false, gro_hardware = false, lro = false;  // join what comes in
  bool gso = false, tso = false;                        // cut what goes out only after it was seen

  bool operator==(const Offloads&) const = default;
};

// kInput if the driver does not tell.
[[nodiscard]] Result<Offloads> read_offloads(const std::string& interface);

// What comes in at a loopback interface is what went out there: both kinds of offloads matter.
[[nodiscard]] WatchedTraffic relevant_traffic(const Interface& interface, WatchedTraffic traffic);

// As ethtool -K calls those that are on and matter for this traffic: {"gro", "gso", "tso", "lro", "rx-gro-hw"}.
[[nodiscard]] std::vector<std::string> names_of(const Offloads& offloads, WatchedTraffic traffic);

// "ethtool -K eth0 gro off tso off"; empty if none is on.
[[nodiscard]] std::string ethtool_line(const std::string& interface, const Offloads& offloads, WatchedTraffic traffic);

// "ip link set dev eth0 gso_max_segs 1": TCP of this host builds super-packets whatever ethtool says, since Linux 4.17,
// and an egress program sees them before they are cut. Empty if it is so already, or if egress is not watched.
[[nodiscard]] std::string egress_line(const Interface& interface, WatchedTraffic traffic);

// What to tell once at the start of a run; empty if there is nothing to tell.
[[nodiscard]] std::string offload_warning(const Interface& interface, const Offloads& offloads, WatchedTraffic traffic);

}  // namespace flowgauge
