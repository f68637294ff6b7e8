#include "tests/live/sender/wire.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace flowgauge {
namespace {

// Enters a namespace and comes back.
class InNamespace {
 public:
  explicit InNamespace(const std::string& name)
      : back_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)),
        there_(::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC)) {
    entered_ = back_ && there_ && ::setns(there_.get(), CLONE_NEWNET) == 0;
  }
  InNamespace(const InNamespace&) = delete;
  InNamespace& operator=(const InNamespace&) = delete;
  ~InNamespace() {
    if (entered_) static_cast<void>(::setns(back_.get(), CLONE_NEWNET));
  }
  [[nodiscard]] bool entered() const { return entered_; }

 private:
  FileDescriptor back_, there_;
  bool entered_ = false;
};

}  // namespace

Result<FileDescriptor> open_wire(const std::string& name_space, const std::string& interface, Egress egress) {
  const InNamespace inside(name_space);
  if (!inside.entered()) return fail(ExitCode::kInput, "{}: cannot enter: {}", name_space, std::strerror(errno));
  FileDescriptor wire(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));  // protocol 0: receives nothing
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  const int one = 1;
  if (!wire || address.sll_ifindex == 0 ||
      ::bind(wire.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      (egress == Egress::kBypassed &&
       ::setsockopt(wire.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one) != 0)) {
    return fail(ExitCode::kInput, "{}: cannot send there: {}", interface, std::strerror(errno));
  }
  return wire;
}

Result<void> stay_on_cpu(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) {
    return fail(ExitCode::kInput, "cannot stay on processor {}: {}", cpu, std::strerror(errno));
  }
  return {};
}

std::int64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

void sleep_until_ns(std::int64_t monotonic) {
  const timespec until{monotonic / 1'000'000'000, monotonic % 1'000'000'000};
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

}  // namespace flowgauge
