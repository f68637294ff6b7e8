// The network interfaces of this host (of its network namespace), as the kernel tells by rtnetlink. No privilege
// needed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

struct Interface {
  std::string name;
  std::vector<std::string> other_names = {};  // altnames, as systemd gives them
  std::uint32_t index = 0;
  std::string kind = {};            // of one that is made by software: "veth", "bridge", "wireguard"; else empty
  std::uint16_t hardware_type = 0;  // ARPHRD_ETHER, ARPHRD_LOOPBACK, ... (linux/if_arp.h)
  bool up = false;                  // set up by the administrator (IFF_UP); whether a cable is there does not count
  std::uint32_t mtu = 0;
  std::uint32_t gso_max_segments = 0;  // of a super-packet on its way out; 1: each packet is one; 0: not told
  std::uint32_t promiscuity = 0;       // how many ask for packets that are not addressed to this host
  std::uint32_t xdp_program = 0;       // the number of an XDP program, which takes packets before anybody else; 0: none

  bool operator==(const Interface&) const = default;
};

// All of them, in the order of their indices.
[[nodiscard]] Result<std::vector<Interface>> list_interfaces();

// Their addresses of IPv4 and IPv6, by name; empty where the kernel does not say.
[[nodiscard]] std::map<std::string, std::vector<std::string>> addresses_of_interfaces();

// By name, up or not. Else kInput: names those there are, and the nearest.
[[nodiscard]] Result<Interface> find_interface(const std::string& name);

// The same, and it is up; else kInput with the line that sets it up.
[[nodiscard]] Result<Interface> find_live_interface(const std::string& name);

// Whether this network namespace has one of this index; true where the kernel does not say.
[[nodiscard]] bool is_there(std::uint32_t index);

// Packets that an interface has counted itself.
struct InterfaceTraffic {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;

  bool operator==(const InterfaceTraffic&) const = default;
};

// Of all, by name; empty where the kernel does not say.
[[nodiscard]] std::map<std::string, InterfaceTraffic> traffic_of_interfaces();

}  // namespace flowgauge
