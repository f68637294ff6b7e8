#include "core/packet/endpoint_class.h"

#include <array>
#include <cstring>

namespace flowgauge {

namespace {

std::uint32_t load32(const std::uint8_t* from) {
  return std::uint32_t{from[0]} << 24 | std::uint32_t{from[1]} << 16 | std::uint32_t{from[2]} << 8 | from[3];
}

Scope scope_of_ipv4(std::uint32_t address) {
  if (address == 0) return Scope::kUnspecified;
  if (address == 0xffffffff) return Scope::kBroadcast;
  if (address >> 24 == 127) return Scope::kLoopback;
  if (address >> 16 == 0xa9fe) return Scope::kLinkLocal;                                                 // 169.254/16
  if (address >> 24 == 10 || address >> 20 == 0xac1 || address >> 16 == 0xc0a8) return Scope::kPrivate;  // RFC 1918
  if (address >> 22 == 0x191) return Scope::kShared;                                                     // 100.64/10
  if (address >> 28 == 0xe) return Scope::kMulticast;
  return Scope::kGlobal;
}

Scope scope_of_ipv6(const std::uint8_t* address) {
  static constexpr std::array<std::uint8_t, 15> kZeros{};
  if (std::memcmp(address, kZeros.data(), kZeros.size()) == 0) {
    if (address[15] == 0) return Scope::kUnspecified;
    if (address[15] == 1) return Scope::kLoopback;
  }
  if (address[0] == 0xfe && (address[1] & 0xc0) == 0x80) return Scope::kLinkLocal;
  if ((address[0] & 0xfe) == 0xfc) return Scope::kPrivate;
  if (address[0] == 0xff) return Scope::kMulticast;
  return Scope::kGlobal;
}

bool is_near(Scope scope) {
  return scope == Scope::kLoopback || scope == Scope::kLinkLocal || scope == Scope::kPrivate || scope == Scope::kShared;
}

}  // namespace

Scope address_scope(const std::uint8_t* address, std::uint8_t ip_version) {
  return ip_version == 4 ? scope_of_ipv4(load32(address)) : scope_of_ipv6(address);
}

std::string_view scope_name(Scope scope) {
  static constexpr std::array<std::string_view, 8> kNames = {"unspecified", "broadcast", "loopback",  "link_local",
                                                             "private",     "shared",    "multicast", "global"};
  return kNames[static_cast<std::size_t>(scope)];
}

std::string_view path_locality(Scope source, Scope destination) {
  if (source == Scope::kMulticast || destination == Scope::kMulticast) return "multicast";
  if (source == Scope::kLoopback && destination == Scope::kLoopback) return "loopback";
  if (source == Scope::kLinkLocal && destination == Scope::kLinkLocal) return "link_local";
  if (is_near(source) && is_near(destination)) return "private";
  if (is_near(source) != is_near(destination)) return "mixed";
  if (source == Scope::kGlobal && destination == Scope::kGlobal) return "public";
  return "other";
}

}  // namespace flowgauge
