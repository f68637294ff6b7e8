#include "core/live/link_query.h"

#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace flowgauge {
namespace {

struct Request {
  nlmsghdr header{};
  ifinfomsg body{};
  rtattr mask_header{};
  std::uint32_t mask = RTEXT_FILTER_SKIP_STATS;  // counters are long and not wanted
};

bool send_request(const FileDescriptor& socket, std::optional<std::uint32_t> index) {
  Request request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETLINK;
  request.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | (index ? 0 : NLM_F_DUMP));
  request.body.ifi_family = AF_UNSPEC;
  request.body.ifi_index = static_cast<int>(index.value_or(0));
  request.mask_header.rta_type = IFLA_EXT_MASK;
  request.mask_header.rta_len = RTA_LENGTH(sizeof request.mask);
  return send(socket.get(), &request, sizeof request, 0) == static_cast<ssize_t>(sizeof request);
}

std::uint32_t number_in(const rtattr* attribute) {
  std::uint32_t number = 0;
  if (RTA_PAYLOAD(attribute) >= sizeof number) std::memcpy(&number, RTA_DATA(attribute), sizeof number);
  return number;
}

Interface interface_in(const nlmsghdr* message) {
  const auto* body = static_cast<const ifinfomsg*>(NLMSG_DATA(message));
  Interface interface;
  interface.index = static_cast<std::uint32_t>(body->ifi_index);
  interface.hardware_type = body->ifi_type;
  interface.up = (body->ifi_flags & IFF_UP) != 0;
  auto left = static_cast<int>(IFLA_PAYLOAD(message));
  for (const rtattr* attribute = IFLA_RTA(body); RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type == IFLA_IFNAME) interface.name = static_cast<const char*>(RTA_DATA(attribute));
    if (attribute->rta_type == IFLA_MTU) interface.mtu = number_in(attribute);
    if (attribute->rta_type == IFLA_GSO_MAX_SEGS) interface.gso_max_segments = number_in(attribute);
  }
  return interface;
}

}  // namespace

FileDescriptor open_link_socket() {
  FileDescriptor opened(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  // The kernel answers within send(); the limit is for the answer that never comes.
  const timeval limit{.tv_sec = 2, .tv_usec = 0};
  if (opened) setsockopt(opened.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return opened;
}

std::expected<std::vector<Interface>, int> query_links(const FileDescriptor& socket,
                                                       std::optional<std::uint32_t> index) {
  if (!send_request(socket, index)) return std::unexpected(errno);
  std::vector<Interface> interfaces;
  std::vector<std::uint32_t> buffer(64 * 1024 / sizeof(std::uint32_t));  // more than netlink ever puts into a datagram
  while (true) {
    const ssize_t size = recv(socket.get(), buffer.data(), buffer.size() * sizeof(std::uint32_t), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return std::unexpected(size < 0 ? errno : EPROTO);
    auto left = static_cast<unsigned>(size);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return interfaces;
      if (message->nlmsg_type == NLMSG_ERROR) {
        return std::unexpected(-static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error);
      }
      if (message->nlmsg_type == RTM_NEWLINK) interfaces.push_back(interface_in(message));
    }
    if (index) return interfaces;
  }
}

}  // namespace flowgauge
