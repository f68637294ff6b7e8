#include "core/packet/not_ip.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/packet/parse/parse.h"

namespace flowgauge {
namespace {

struct Name {
  std::uint32_t kind;
  std::string_view name;
};

// EtherTypes from the IANA registry ieee-802-numbers.
constexpr Name kNames[] = {
    {0, "802.3 LLC"},
    {0x0806, "ARP"},
    {0x0842, "Wake-on-LAN"},
    {0x22f3, "TRILL"},
    {0x4305, "B.A.T.M.A.N."},
    {0x6003, "DECnet"},
    {0x8035, "RARP"},
    {0x809b, "AppleTalk"},
    {0x80f3, "AARP"},
    {0x8137, "IPX"},
    {0x8808, "Ethernet flow control"},
    {0x8809, "Slow Protocols"},
    {0x8847, "MPLS"},
    {0x8848, "MPLS"},
    {0x8863, "PPPoE discovery"},
    {0x8864, "PPPoE"},
    {0x887b, "HomePlug"},
    {0x888e, "EAPOL"},
    {0x8892, "PROFINET"},
    {0x88a2, "ATA over Ethernet"},
    {0x88a4, "EtherCAT"},
    {0x88b8, "GOOSE"},
    {0x88ba, "SV"},
    {0x88cc, "LLDP"},
    {0x88e1, "HomePlug AV"},
    {0x88e5, "MACsec"},
    {0x88e7, "PBB"},
    {0x88f7, "PTP"},
    {0x8902, "CFM"},
    {0x8906, "FCoE"},
    {0x8914, "FIP"},
    {0x8915, "RoCE"},
    {0x892f, "HSR"},
    {0x894f, "NSH"},
    {0x9000, "loopback test"},
    {PACKET_NO_KIND, "no EtherType"},
    {PACKET_WLAN_MANAGEMENT, "802.11 management"},
    {PACKET_WLAN_CONTROL, "802.11 control"},
    {PACKET_WLAN_PROTECTED, "802.11 protected"},
    {PACKET_WLAN_OTHER, "802.11 without a whole packet"},
};
static_assert(std::ranges::is_sorted(kNames, {}, &Name::kind));

}  // namespace

std::vector<NotIpKinds::Kind> NotIpKinds::commonest() const {
  std::vector<Kind> kinds;
  kinds.reserve(frames_.size());
  for (const auto& [kind, frames] : frames_) kinds.push_back({kind, frames});
  std::ranges::sort(
      kinds, [](const Kind& a, const Kind& b) { return a.frames != b.frames ? a.frames > b.frames : a.kind < b.kind; });
  return kinds;
}

std::string not_ip_name(std::uint32_t kind) {
  const auto* const found = std::ranges::lower_bound(kNames, kind, {}, &Name::kind);
  if (found != std::end(kNames) && found->kind == kind) return std::string(found->name);
  return fmt::format("0x{:04x}", kind);
}

}  // namespace flowgauge
