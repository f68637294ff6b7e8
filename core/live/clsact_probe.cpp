#include "core/live/clsact_probe.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/pkt_cls.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

constexpr int kLoopbackIndex = 1;  // in every network namespace
constexpr int kUnknownStatus = 255;

// A netlink message of tc: attributes are appended behind its head.
class Message {
 public:
  Message(std::uint16_t type, std::uint32_t parent, std::uint32_t handle, std::uint32_t info) {
    auto* header = start();
    header->nlmsg_type = type;
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
    header->nlmsg_len = NLMSG_LENGTH(sizeof(tcmsg));
    auto* body = static_cast<tcmsg*>(NLMSG_DATA(header));
    body->tcm_ifindex = kLoopbackIndex;
    body->tcm_parent = parent;
    body->tcm_handle = handle;
    body->tcm_info = info;
  }

  rtattr* add(std::uint16_t type, const void* data, std::size_t size) {
    auto* attribute =
        reinterpret_cast<rtattr*>(reinterpret_cast<char*>(words_.data()) + NLMSG_ALIGN(start()->nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = static_cast<std::uint16_t>(RTA_LENGTH(size));
    if (size > 0) std::memcpy(RTA_DATA(attribute), data, size);
    start()->nlmsg_len = static_cast<std::uint32_t>(NLMSG_ALIGN(start()->nlmsg_len) + RTA_ALIGN(attribute->rta_len));
    return attribute;
  }
  void add(std::uint16_t type, std::string_view text) { add(type, text.data(), text.size() + 1); }
  void add(std::uint16_t type, std::uint32_t number) { add(type, &number, sizeof number); }

  // What was added since `attribute` lies in it.
  void close(rtattr* attribute) {
    attribute->rta_len = static_cast<std::uint16_t>(reinterpret_cast<char*>(words_.data()) + start()->nlmsg_len -
                                                    reinterpret_cast<char*>(attribute));
  }

  // 0, or the errno that the kernel answers.
  int ask(const FileDescriptor& socket) {
    if (send(socket.get(), words_.data(), start()->nlmsg_len, 0) < 0) return errno;
    if (recv(socket.get(), words_.data(), sizeof words_, 0) < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr)))) {
      return EPROTO;
    }
    return -static_cast<const nlmsgerr*>(NLMSG_DATA(start()))->error;
  }

 private:
  nlmsghdr* start() { return reinterpret_cast<nlmsghdr*>(words_.data()); }

  std::array<std::uint32_t, 256> words_{};
};

int add_hook(const FileDescriptor& socket) {
  Message message(RTM_NEWQDISC, TC_H_CLSACT, TC_H_MAKE(TC_H_CLSACT, 0), 0);
  message.add(TCA_KIND, std::string_view("clsact"));
  return message.ask(socket);
}

int add_filter(const FileDescriptor& socket, int program_fd) {
  Message message(RTM_NEWTFILTER, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), 1,
                  TC_H_MAKE(std::uint32_t{1} << 16, htons(ETH_P_ALL)));
  message.add(TCA_KIND, std::string_view("bpf"));
  rtattr* options = message.add(TCA_OPTIONS, nullptr, 0);
  message.add(TCA_BPF_FD, static_cast<std::uint32_t>(program_fd));
  message.add(TCA_BPF_NAME, std::string_view("probe"));
  message.add(TCA_BPF_FLAGS, std::uint32_t{TCA_BPF_FLAG_ACT_DIRECT});
  message.close(options);
  return message.ask(socket);
}

// In the child: its exit status is an errno, or kUnknownStatus.
int try_in_own_namespace(int program_fd) {
  if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return kUnknownStatus;
  const FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket) return kUnknownStatus;
  const int hook = add_hook(socket);
  if (hook != 0 || program_fd < 0) return hook;
  return add_filter(socket, program_fd);
}

}  // namespace

Probe probe_clsact(int program_fd) {
  const pid_t child = fork();
  if (child < 0) return {Answer::kUnknown, errno};
  if (child == 0) _exit(try_in_own_namespace(program_fd));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) == kUnknownStatus) return {Answer::kUnknown, 0};
  if (WEXITSTATUS(status) != 0) return {Answer::kNo, WEXITSTATUS(status)};
  return {Answer::kYes, 0};
}

}  // namespace flowgauge
