// The host's abstractions of addresses and ports: coarse names that identify nobody (docs/semantics.md, sections 5 and
// 6). Pure functions of their arguments; every returned text is static.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flowgauge {

enum class Scope : std::uint8_t {
  kUnspecified,
  kBroadcast,
  kLoopback,
  kLinkLocal,
  kPrivate,
  kShared,
  kMulticast,
  kGlobal,
};

// `address` in network order: 4 bytes for version 4, 16 for version 6.
Scope address_scope(const std::uint8_t* address, std::uint8_t ip_version);
std::string_view scope_name(Scope scope);

// "multicast", "loopback", "link_local", "private", "mixed", "public" or "other".
std::string_view path_locality(Scope source, Scope destination);

// IANA: "well-known" up to 1023, "registered" up to 49151, "dynamic".
constexpr std::string_view port_class(std::uint16_t port) {
  return port < 1024 ? "well-known" : port < 49152 ? "registered" : "dynamic";
}

// Changes with every change of the table below, so that a run report can name the table it used.
inline constexpr int kServiceGroupVersion = 1;

// SHA-256 in hex of the table as text, a line "PORT TRANSPORTS GROUP" for each port: names the table itself.
const std::string& service_group_sha256();

struct ServiceGroupPorts {
  std::string_view name;
  std::string ports;  // "443/tcp+udp+sctp, ..."
};
// The table for people: groups in alphabetical order, without "other".
std::vector<ServiceGroupPorts> service_group_table();

// What a destination port is mostly used for: web, dns, mail, file, shell, desktop, database, directory,
// management, time, voip, tunnel, iot, industrial, queue, peer_to_peer, discovery; "other" for the rest
// and for protocols without ports.
std::string_view service_group(std::uint16_t dst_port, std::uint8_t ip_protocol);

}  // namespace flowgauge
