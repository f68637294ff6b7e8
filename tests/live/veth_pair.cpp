#include "tests/live/veth_pair.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace flowgauge::test {
namespace {

bool run(const std::string& command) {
  return std::system((command + " >/dev/null 2>&1").c_str()) == 0;  // NOLINT(cert-env33-c): commands of this file
}

}  // namespace

VethPair::VethPair() {
  if (unshare(CLONE_NEWNET) != 0) {
    missing_ = fmt::format("no network namespace: {}", std::strerror(errno));
    return;
  }
  for (const char* command :
       {"sysctl -w net.ipv6.conf.default.disable_ipv6=1", "ip link add near0 type veth peer name far0",
        "ip link add near1 type veth peer name far1", "ip link set near0 up", "ip link set far0 up",
        "ip link set near1 up", "ip link set far1 up"}) {
    if (run(command)) continue;
    missing_ = fmt::format("cannot run `{}`", command);
    return;
  }
  socket_ = FileDescriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket_) missing_ = fmt::format("no packet socket: {}", std::strerror(errno));
}

void VethPair::send(const std::string& interface, const Bytes& frame) const {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  to.sll_halen = 6;
  const auto sent =
      ::sendto(socket_.get(), frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  ASSERT_EQ(sent, static_cast<ssize_t>(frame.size())) << std::strerror(errno);
}

void VethPair::set_up(const std::string& interface) const {
  ASSERT_TRUE(run(fmt::format("ip link set {} up", interface)));
}

void VethPair::set_down(const std::string& interface) const {
  ASSERT_TRUE(run(fmt::format("ip link set {} down", interface)));
}

void VethPair::make(const std::string& near, const std::string& far) const {
  ASSERT_TRUE(run(fmt::format("ip link add {} type veth peer name {} && ip link set {} up && ip link set {} up", near,
                              far, near, far)));
}

void VethPair::remove(const std::string& interface) const {
  ASSERT_TRUE(run(fmt::format("ip link delete {}", interface)));
}

}  // namespace flowgauge::test
