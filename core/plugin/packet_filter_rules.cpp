#include "core/plugin/packet_filter_rules.h"

#include <fmt/format.h>

#include <set>

#include "core/packet/ip_protocol.h"
#include "core/plugin/packet_filters.h"

namespace flowgauge::rules {
namespace {

Finding check_filter(const fg_packet_filter& filter) {
  if (filter.reserved != 0)
    return fmt::format("a packet filter has reserved {}, which is not known; set it to 0", filter.reserved);
  if (filter.ip_protocol == 0 && filter.port == 0)
    return "a packet filter has neither ip_protocol nor port, so that all packets fit; leave the filters out";
  if (filter.port != 0 && filter.ip_protocol != 0 && !has_ports(filter.ip_protocol))
    return fmt::format(
        "a packet filter has port {} of IP protocol {}, which has no ports; set the port to 0, or take one of TCP, "
        "UDP, "
        "UDP-Lite, DCCP and SCTP",
        filter.port, filter.ip_protocol);
  return {};
}

}  // namespace

Finding read_packet_filters(Feature& feature) {
  const fg_array& table = feature.table.packet_filters;
  if (Finding wrong = check_array(table, sizeof(fg_packet_filter), "fg_packet_filter", "packet filters");
      !wrong.empty())
    return wrong;
  feature.packet_filters = items_of<fg_packet_filter>(table);
  std::set<std::string> known;
  for (const fg_packet_filter& filter : feature.packet_filters) {
    if (Finding wrong = check_filter(filter); !wrong.empty()) return wrong;
    if (!known.insert(filter_text(filter)).second)
      return fmt::format("declares the packet filter '{}' twice; remove one of them", filter_text(filter));
  }
  if (!name_ports(feature.packet_filters)) return {};
  for (fg_column& column : feature.columns) column.reveals |= FG_REVEALS_PORT;
  return {};
}

}  // namespace flowgauge::rules
