#include "core/host/tc_query.h"

#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>

#include <cstring>
#include <expected>
#include <utility>

#include "core/host/netlink.h"

namespace flowgauge {
namespace {

// Calls take(message) for each answer; 0 or an errno.
template <class Take>
int dump(std::uint16_t type, unsigned interface_index, std::uint32_t parent, Take&& take) {
  const FileDescriptor socket = netlink::open_socket();
  if (!socket) return errno;
  tcmsg body{};
  body.tcm_family = AF_UNSPEC;
  body.tcm_ifindex = static_cast<int>(interface_index);
  body.tcm_parent = parent;
  netlink::Message<tcmsg> request(type, NLM_F_DUMP, body);
  if (const int error = request.send(socket); error != 0) return error;
  return netlink::receive(socket, netlink::Answers::kDump, take);
}

std::unexpected<Error> tc_not_told(int error) {
  return fail(ExitCode::kInput, "the kernel does not tell what is attached through tc: {}", std::strerror(error));
}

void read_options(const rtattr& options, TcFilter& filter) {
  netlink::for_each_attribute_in(options, [&](const rtattr& attribute) {
    if (attribute.rta_type == TCA_BPF_NAME) filter.name = netlink::text_in(attribute);
    if (attribute.rta_type == TCA_BPF_ID) filter.program_id = netlink::number_in(attribute);
  });
}

}  // namespace

Result<std::vector<TcFilter>> query_tc_filters(unsigned interface_index, TrafficDirection direction) {
  const std::uint32_t hook = direction == TrafficDirection::kIngress ? TC_H_MIN_INGRESS : TC_H_MIN_EGRESS;
  std::vector<TcFilter> filters;
  const int error = dump(RTM_GETTFILTER, interface_index, TC_H_MAKE(TC_H_CLSACT, hook), [&](const nlmsghdr& message) {
    const auto& body = netlink::body_of<tcmsg>(message);
    if (body.tcm_handle == 0) return;  // the head of a list of filters
    TcFilter filter;
    filter.handle = body.tcm_handle;
    filter.priority = TC_H_MAJ(body.tcm_info) >> 16;
    netlink::for_each_attribute<tcmsg>(message, [&](const rtattr& attribute) {
      if (attribute.rta_type == TCA_KIND) filter.kind = netlink::text_in(attribute);
      if (attribute.rta_type == TCA_OPTIONS && filter.kind == "bpf") read_options(attribute, filter);
    });
    filters.push_back(std::move(filter));
  });
  if (error != 0 && error != EINVAL) return tc_not_told(error);  // EINVAL: no such qdisc
  return filters;
}

Result<std::string> query_tc_hooks(unsigned interface_index) {
  std::string kind;
  const int error = dump(RTM_GETQDISC, interface_index, 0, [&](const nlmsghdr& message) {
    const auto& body = netlink::body_of<tcmsg>(message);
    if (body.tcm_ifindex != static_cast<int>(interface_index) || body.tcm_parent != TC_H_CLSACT) return;
    netlink::for_each_attribute<tcmsg>(message, [&](const rtattr& attribute) {
      if (attribute.rta_type == TCA_KIND) kind = netlink::text_in(attribute);
    });
  });
  if (error != 0) return tc_not_told(error);
  return kind;
}

}  // namespace flowgauge
