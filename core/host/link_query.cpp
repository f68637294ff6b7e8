#include "core/host/link_query.h"

#include <linux/if.h>
#include <linux/if_link.h>

#include <algorithm>

#include "core/host/netlink.h"

namespace flowgauge {
namespace {

Interface interface_in(const nlmsghdr& message) {
  const auto& body = netlink::body_of<ifinfomsg>(message);
  Interface interface;
  interface.index = static_cast<std::uint32_t>(body.ifi_index);
  interface.hardware_type = body.ifi_type;
  interface.up = (body.ifi_flags & IFF_UP) != 0;
  netlink::for_each_attribute<ifinfomsg>(message, [&](const rtattr& attribute) {
    if (attribute.rta_type == IFLA_IFNAME) interface.name = netlink::text_in(attribute);
    if (attribute.rta_type == IFLA_MTU) interface.mtu = netlink::number_in(attribute);
    if ((attribute.rta_type & NLA_TYPE_MASK) == IFLA_PROP_LIST) {
      netlink::for_each_attribute_in(attribute, [&](const rtattr& property) {
        if (property.rta_type == IFLA_ALT_IFNAME) interface.other_names.push_back(netlink::text_in(property));
      });
    }
    if (attribute.rta_type == IFLA_PROMISCUITY) interface.promiscuity = netlink::number_in(attribute);
    if (attribute.rta_type == IFLA_XDP) {
      netlink::for_each_attribute_in(attribute, [&](const rtattr& of_xdp) {
        if (of_xdp.rta_type == IFLA_XDP_PROG_ID) interface.xdp_program = netlink::number_in(of_xdp);
      });
    }
    if (attribute.rta_type == IFLA_LINKINFO) {
      netlink::for_each_attribute_in(attribute, [&](const rtattr& of_link) {
        if (of_link.rta_type == IFLA_INFO_KIND) interface.kind = netlink::text_in(of_link);
      });
    }
    if (attribute.rta_type == IFLA_GSO_MAX_SEGS) interface.gso_max_segments = netlink::number_in(attribute);
  });
  return interface;
}

}  // namespace

FileDescriptor open_link_socket() { return netlink::open_socket(); }

std::expected<std::vector<Interface>, int> query_links(const FileDescriptor& socket,
                                                       std::optional<std::uint32_t> index) {
  ifinfomsg body{};
  body.ifi_family = AF_UNSPEC;
  body.ifi_index = static_cast<int>(index.value_or(0));
  netlink::Message<ifinfomsg> request(RTM_GETLINK, index ? 0 : NLM_F_DUMP, body);
  request.add(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});  // counters are long and not wanted
  if (const int error = request.send(socket); error != 0) return std::unexpected(error);
  std::vector<Interface> interfaces;
  const auto answers = index ? netlink::Answers::kOne : netlink::Answers::kDump;
  const int error = netlink::receive(socket, answers, [&](const nlmsghdr& message) {
    if (message.nlmsg_type == RTM_NEWLINK) interfaces.push_back(interface_in(message));
  });
  if (error != 0) return std::unexpected(error);
  return interfaces;
}

FileDescriptor open_link_events() {
  FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  if (socket && ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

bool take_link_events(const FileDescriptor& events) {
  std::array<char, 8192> datagram{};
  bool are_some = false;
  for (;;) {
    const ::ssize_t size = ::recv(events.get(), datagram.data(), datagram.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size >= 0 || errno == ENOBUFS) {  // ENOBUFS: there were more than it could hold
      are_some = true;
      continue;
    }
    return are_some;
  }
}

std::map<std::string, InterfaceTraffic> query_traffic(const FileDescriptor& socket) {
  ifinfomsg body{};
  body.ifi_family = AF_UNSPEC;
  netlink::Message<ifinfomsg> request(RTM_GETLINK, NLM_F_DUMP, body);
  std::map<std::string, InterfaceTraffic> all;
  if (request.send(socket) != 0) return all;
  const int error = netlink::receive(socket, netlink::Answers::kDump, [&](const nlmsghdr& message) {
    std::string name;
    InterfaceTraffic traffic;
    netlink::for_each_attribute<ifinfomsg>(message, [&](const rtattr& attribute) {
      if (attribute.rta_type == IFLA_IFNAME) name = netlink::text_in(attribute);
      if (attribute.rta_type != IFLA_STATS64 || RTA_PAYLOAD(&attribute) < 2 * sizeof(std::uint64_t)) return;
      rtnl_link_stats64 counted{};
      std::memcpy(&counted, RTA_DATA(&attribute), std::min<std::size_t>(RTA_PAYLOAD(&attribute), sizeof counted));
      traffic = {counted.rx_packets, counted.tx_packets};
    });
    if (!name.empty()) all[name] = traffic;
  });
  if (error != 0) all.clear();
  return all;
}

}  // namespace flowgauge
