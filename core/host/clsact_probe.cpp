#include "core/host/clsact_probe.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "core/host/netlink.h"

namespace flowgauge {
namespace {

constexpr int kLoopbackIndex = 1;  // in every network namespace
constexpr int kUnknownStatus = 255;

// A change of tc on the loopback interface.
netlink::Message<tcmsg> change(std::uint16_t type, std::uint32_t parent, std::uint32_t handle, std::uint32_t info) {
  tcmsg body{};
  body.tcm_ifindex = kLoopbackIndex;
  body.tcm_parent = parent;
  body.tcm_handle = handle;
  body.tcm_info = info;
  return {type, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, body};
}

// 0, or the errno that the kernel answers.
int ask(const FileDescriptor& socket, netlink::Message<tcmsg>& message) {
  if (const int error = message.send(socket); error != 0) return error;
  return netlink::receive(socket, netlink::Answers::kOne, [](const nlmsghdr&) {});
}

int add_hook(const FileDescriptor& socket) {
  auto message = change(RTM_NEWQDISC, TC_H_CLSACT, TC_H_MAKE(TC_H_CLSACT, 0), 0);
  message.add(TCA_KIND, std::string_view("clsact"));
  return ask(socket, message);
}

int add_filter(const FileDescriptor& socket, int program_fd) {
  auto message = change(RTM_NEWTFILTER, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), 1,
                        TC_H_MAKE(std::uint32_t{1} << 16, htons(ETH_P_ALL)));
  message.add(TCA_KIND, std::string_view("bpf"));
  rtattr* options = message.add(TCA_OPTIONS, nullptr, 0);
  message.add(TCA_BPF_FD, static_cast<std::uint32_t>(program_fd));
  message.add(TCA_BPF_NAME, std::string_view("probe"));
  message.add(TCA_BPF_FLAGS, std::uint32_t{TCA_BPF_FLAG_ACT_DIRECT});
  message.close(options);
  return ask(socket, message);
}

// In the child: its exit status is an errno, or kUnknownStatus.
int try_in_own_namespace(int program_fd) {
  if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return kUnknownStatus;
  const FileDescriptor socket = netlink::open_socket();
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
