#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/base/digest.h"
#include "core/packet/endpoint_class.h"

namespace flowgauge {

namespace {

enum Transport : std::uint8_t { kTcp = 1, kUdp = 2, kSctp = 4, kBoth = kTcp | kUdp, kAny = kBoth | kSctp };

struct Service {
  std::uint16_t port;
  std::uint8_t transports;
  std::string_view group;
};

// IANA's registry and common use, by port. A change here raises kServiceGroupVersion.
constexpr std::array kServices = std::to_array<Service>({
    {20, kTcp, "file"},   // FTP data
    {21, kTcp, "file"},   // FTP
    {22, kAny, "shell"},  // SSH
    {23, kTcp, "shell"},  // Telnet
    {25, kTcp, "mail"},   // SMTP
    {37, kBoth, "time"},  // Time
    {53, kBoth, "dns"},
    {67, kUdp, "management"},       // DHCP server
    {68, kUdp, "management"},       // DHCP client
    {69, kUdp, "file"},             // TFTP
    {80, kBoth, "web"},             // HTTP
    {88, kBoth, "directory"},       // Kerberos
    {102, kTcp, "industrial"},      // ISO-TSAP, S7
    {110, kTcp, "mail"},            // POP3
    {111, kBoth, "file"},           // portmapper
    {123, kUdp, "time"},            // NTP
    {135, kBoth, "management"},     // MS RPC
    {137, kBoth, "discovery"},      // NetBIOS names
    {138, kUdp, "discovery"},       // NetBIOS datagrams
    {139, kTcp, "file"},            // NetBIOS sessions, SMB
    {143, kTcp, "mail"},            // IMAP
    {161, kBoth, "management"},     // SNMP
    {162, kBoth, "management"},     // SNMP traps
    {179, kBoth, "management"},     // BGP
    {319, kUdp, "time"},            // PTP events
    {320, kUdp, "time"},            // PTP general
    {389, kBoth, "directory"},      // LDAP
    {443, kAny, "web"},             // HTTPS, QUIC
    {445, kTcp, "file"},            // SMB
    {464, kBoth, "directory"},      // Kerberos passwords
    {465, kTcp, "mail"},            // submission over TLS
    {500, kUdp, "tunnel"},          // IKE
    {502, kBoth, "industrial"},     // Modbus
    {514, kBoth, "management"},     // syslog
    {515, kTcp, "file"},            // LPD
    {546, kUdp, "management"},      // DHCPv6 client
    {547, kUdp, "management"},      // DHCPv6 server
    {548, kTcp, "file"},            // AFP
    {554, kBoth, "voip"},           // RTSP
    {587, kTcp, "mail"},            // submission
    {623, kUdp, "management"},      // IPMI
    {631, kBoth, "file"},           // IPP
    {636, kBoth, "directory"},      // LDAP over TLS
    {853, kBoth, "dns"},            // DNS over TLS, QUIC
    {873, kTcp, "file"},            // rsync
    {989, kTcp, "file"},            // FTP data over TLS
    {990, kTcp, "file"},            // FTP over TLS
    {993, kTcp, "mail"},            // IMAP over TLS
    {995, kTcp, "mail"},            // POP3 over TLS
    {1080, kTcp, "tunnel"},         // SOCKS
    {1194, kBoth, "tunnel"},        // OpenVPN
    {1433, kTcp, "database"},       // MS SQL
    {1434, kUdp, "database"},       // MS SQL monitor
    {1521, kTcp, "database"},       // Oracle
    {1701, kUdp, "tunnel"},         // L2TP
    {1719, kUdp, "voip"},           // H.323 gatekeeper
    {1720, kTcp, "voip"},           // H.323
    {1723, kTcp, "tunnel"},         // PPTP
    {1812, kUdp, "directory"},      // RADIUS
    {1813, kUdp, "directory"},      // RADIUS accounting
    {1883, kTcp, "iot"},            // MQTT
    {1900, kUdp, "discovery"},      // SSDP
    {2049, kAny, "file"},           // NFS
    {2123, kUdp, "tunnel"},         // GTP control
    {2152, kUdp, "tunnel"},         // GTP-U
    {2222, kBoth, "industrial"},    // EtherNet/IP I/O
    {2404, kTcp, "industrial"},     // IEC 60870-5-104
    {3128, kTcp, "web"},            // HTTP proxy
    {3268, kTcp, "directory"},      // global catalogue
    {3269, kTcp, "directory"},      // global catalogue over TLS
    {3306, kTcp, "database"},       // MySQL
    {3389, kBoth, "desktop"},       // RDP
    {3478, kBoth, "voip"},          // STUN
    {3544, kUdp, "tunnel"},         // Teredo
    {3702, kBoth, "discovery"},     // WS-Discovery
    {4369, kTcp, "queue"},          // Erlang port mapper
    {4500, kUdp, "tunnel"},         // IPsec through NAT
    {4662, kTcp, "peer_to_peer"},   // eDonkey
    {4672, kUdp, "peer_to_peer"},   // eMule
    {4789, kUdp, "tunnel"},         // VXLAN
    {4840, kBoth, "industrial"},    // OPC UA
    {5004, kUdp, "voip"},           // RTP
    {5005, kUdp, "voip"},           // RTCP
    {5060, kAny, "voip"},           // SIP
    {5061, kAny, "voip"},           // SIP over TLS
    {5222, kTcp, "voip"},           // XMPP
    {5349, kBoth, "voip"},          // STUN over TLS
    {5353, kUdp, "discovery"},      // mDNS
    {5355, kBoth, "discovery"},     // LLMNR
    {5432, kTcp, "database"},       // PostgreSQL
    {5671, kTcp, "queue"},          // AMQP over TLS
    {5672, kAny, "queue"},          // AMQP
    {5683, kBoth, "iot"},           // CoAP
    {5684, kBoth, "iot"},           // CoAP over DTLS
    {5900, kTcp, "desktop"},        // VNC
    {5938, kBoth, "desktop"},       // TeamViewer
    {5984, kTcp, "database"},       // CouchDB
    {5985, kTcp, "management"},     // WinRM
    {5986, kTcp, "management"},     // WinRM over TLS
    {6000, kTcp, "desktop"},        // X11
    {6081, kUdp, "tunnel"},         // GENEVE
    {6346, kBoth, "peer_to_peer"},  // Gnutella
    {6379, kTcp, "database"},       // Redis
    {6568, kTcp, "desktop"},        // AnyDesk
    {6771, kUdp, "peer_to_peer"},   // BitTorrent local discovery
    {6881, kBoth, "peer_to_peer"},  // BitTorrent
    {7400, kUdp, "iot"},            // DDS
    {8000, kTcp, "web"},
    {8008, kTcp, "web"},
    {8080, kTcp, "web"},
    {8088, kTcp, "web"},
    {8443, kBoth, "web"},
    {8472, kUdp, "tunnel"},  // VXLAN on Linux
    {8883, kTcp, "iot"},     // MQTT over TLS
    {8888, kTcp, "web"},
    {9000, kTcp, "web"},
    {9042, kTcp, "database"},        // Cassandra
    {9092, kTcp, "queue"},           // Kafka
    {9200, kTcp, "database"},        // Elasticsearch
    {9418, kTcp, "file"},            // git
    {11211, kBoth, "database"},      // memcached
    {20000, kBoth, "industrial"},    // DNP3
    {27017, kTcp, "database"},       // MongoDB
    {34962, kUdp, "industrial"},     // PROFINET
    {34963, kUdp, "industrial"},     // PROFINET
    {34964, kUdp, "industrial"},     // PROFINET
    {44818, kBoth, "industrial"},    // EtherNet/IP
    {47808, kUdp, "industrial"},     // BACnet
    {51413, kBoth, "peer_to_peer"},  // Transmission
    {51820, kUdp, "tunnel"},         // WireGuard
});
static_assert(std::ranges::adjacent_find(kServices, std::ranges::greater_equal{}, &Service::port) == kServices.end(),
              "one row per port, in ascending order");

std::uint8_t transport_of(std::uint8_t ip_protocol) {
  switch (ip_protocol) {
    case 6:
      return kTcp;
    case 17:
      return kUdp;
    case 132:
      return kSctp;
    default:
      return 0;
  }
}

std::string transports_text(std::uint8_t transports) {
  std::string text;
  if ((transports & kTcp) != 0) text += "+tcp";
  if ((transports & kUdp) != 0) text += "+udp";
  if ((transports & kSctp) != 0) text += "+sctp";
  return text.substr(1);
}

}  // namespace

const std::string& service_group_sha256() {
  static const std::string kDigest = [] {
    std::string table;
    for (const Service& service : kServices)
      table += fmt::format("{} {} {}\n", service.port, transports_text(service.transports), service.group);
    return sha256_hex(table);
  }();
  return kDigest;
}

std::vector<ServiceGroupPorts> service_group_table() {
  std::map<std::string_view, std::string> ports;
  for (const Service& service : kServices) {
    std::string& text = ports[service.group];
    text += fmt::format("{}{}/{}", text.empty() ? "" : ", ", service.port, transports_text(service.transports));
  }
  std::vector<ServiceGroupPorts> table;
  for (auto& [name, text] : ports) table.push_back({name, std::move(text)});
  return table;
}

std::string_view service_group(std::uint16_t dst_port, std::uint8_t ip_protocol) {
  const auto* const service = std::ranges::lower_bound(kServices, dst_port, {}, &Service::port);
  if (service == kServices.end() || service->port != dst_port) return "other";
  return service->transports & transport_of(ip_protocol) ? service->group : "other";
}

}  // namespace flowgauge
