#include "core/live/tc_query.h"

#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <expected>
#include <string_view>

#include "core/base/handle.h"
#include "core/live/link_query.h"

namespace flowgauge {
namespace {

struct Request {
  nlmsghdr header{};
  tcmsg body{};
};

std::string text_in(const rtattr* attribute) {
  const std::string_view bytes(static_cast<const char*>(RTA_DATA(attribute)), RTA_PAYLOAD(attribute));
  return std::string(bytes.substr(0, bytes.find('\0')));
}

std::uint32_t number_in(const rtattr* attribute) {
  std::uint32_t number = 0;
  if (RTA_PAYLOAD(attribute) >= sizeof number) std::memcpy(&number, RTA_DATA(attribute), sizeof number);
  return number;
}

// Calls take(attribute) for each of a run of attributes.
template <class Take>
void for_each_attribute(const rtattr* attribute, int bytes, Take&& take) {
  for (; RTA_OK(attribute, bytes); attribute = RTA_NEXT(attribute, bytes)) take(attribute);
}

// Calls take(body, first attribute, bytes of attributes) for each answer; 0 or an errno.
template <class Take>
int dump(std::uint16_t type, unsigned interface_index, std::uint32_t parent, Take&& take) {
  const FileDescriptor socket = open_link_socket();
  if (!socket) return errno;
  Request request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.tcm_family = AF_UNSPEC;
  request.body.tcm_ifindex = static_cast<int>(interface_index);
  request.body.tcm_parent = parent;
  if (::send(socket.get(), &request, sizeof request, 0) != static_cast<::ssize_t>(sizeof request)) return errno;
  std::vector<std::uint32_t> buffer(64 * 1024 / sizeof(std::uint32_t));  // more than netlink puts into a datagram
  for (;;) {
    const ::ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size() * sizeof(std::uint32_t), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return size < 0 ? errno : EPROTO;
    auto left = static_cast<unsigned>(size);
    for (auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return 0;
      if (message->nlmsg_type == NLMSG_ERROR) return -static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error;
      const auto* body = static_cast<const tcmsg*>(NLMSG_DATA(message));
      take(*body, TCA_RTA(body), static_cast<int>(TCA_PAYLOAD(message)));
    }
  }
}

std::unexpected<Error> not_told(int error) {
  return fail(ExitCode::kInput, "the kernel does not tell what is attached through tc: {}", std::strerror(error));
}

void read_options(const rtattr* options, TcFilter& filter) {
  for_each_attribute(static_cast<const rtattr*>(RTA_DATA(options)), static_cast<int>(RTA_PAYLOAD(options)),
                     [&](const rtattr* attribute) {
                       if (attribute->rta_type == TCA_BPF_NAME) filter.name = text_in(attribute);
                       if (attribute->rta_type == TCA_BPF_ID) filter.program_id = number_in(attribute);
                     });
}

}  // namespace

Result<std::vector<TcFilter>> query_tc_filters(unsigned interface_index, TrafficDirection direction) {
  const std::uint32_t hook = direction == TrafficDirection::kIngress ? TC_H_MIN_INGRESS : TC_H_MIN_EGRESS;
  std::vector<TcFilter> filters;
  const int error = dump(RTM_GETTFILTER, interface_index, TC_H_MAKE(TC_H_CLSACT, hook),
                         [&](const tcmsg& body, const rtattr* first, int bytes) {
                           if (body.tcm_handle == 0) return;  // the head of a list of filters
                           TcFilter filter;
                           filter.handle = body.tcm_handle;
                           filter.priority = TC_H_MAJ(body.tcm_info) >> 16;
                           for_each_attribute(first, bytes, [&](const rtattr* attribute) {
                             if (attribute->rta_type == TCA_KIND) filter.kind = text_in(attribute);
                             if (attribute->rta_type == TCA_OPTIONS && filter.kind == "bpf") {
                               read_options(attribute, filter);
                             }
                           });
                           filters.push_back(std::move(filter));
                         });
  if (error != 0 && error != EINVAL) return not_told(error);  // EINVAL: no such qdisc
  return filters;
}

Result<std::string> query_tc_hooks(unsigned interface_index) {
  std::string kind;
  const int error = dump(RTM_GETQDISC, interface_index, 0, [&](const tcmsg& body, const rtattr* first, int bytes) {
    if (body.tcm_ifindex != static_cast<int>(interface_index) || body.tcm_parent != TC_H_CLSACT) return;
    for_each_attribute(first, bytes, [&](const rtattr* attribute) {
      if (attribute->rta_type == TCA_KIND) kind = text_in(attribute);
    });
  });
  if (error != 0) return not_told(error);
  return kind;
}

}  // namespace flowgauge
