#include "core/live/ebpf/clsact_attachment.h"

#include <bpf/libbpf.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/host/privileges.h"
#include "core/live/ebpf/clsact_places.h"
#include "core/live/ebpf/libbpf_messages.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kHandle = 0xf1096a60;
constexpr std::uint32_t kQdiscIsOurs = 1;  // added to the handle

bool is_ours(const TcFilter& filter, TrafficDirection direction) {
  return filter.kind == "bpf" && filter.priority == clsact_priority(direction) &&
         (filter.handle & ~kQdiscIsOurs) == kHandle && filter.name.starts_with("flowgauge_");
}

bpf_tc_hook hook_of(unsigned interface_index, TrafficDirection direction) {
  bpf_tc_hook hook{};
  hook.sz = sizeof hook;
  hook.ifindex = static_cast<int>(interface_index);
  hook.attach_point = direction == TrafficDirection::kIngress ? BPF_TC_INGRESS : BPF_TC_EGRESS;
  return hook;
}

int remove_filter(unsigned interface_index, TrafficDirection direction, std::uint32_t handle) {
  const bpf_tc_hook hook = hook_of(interface_index, direction);
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.handle = handle;
  options.priority = clsact_priority(direction);
  return -bpf_tc_detach(&hook, &options);
}

int change_qdisc(unsigned interface_index, int (*change)(bpf_tc_hook*)) {
  bpf_tc_hook hook = hook_of(interface_index, TrafficDirection::kIngress);
  hook.attach_point = static_cast<bpf_tc_attach_point>(BPF_TC_INGRESS | BPF_TC_EGRESS);
  return -change(&hook);
}

std::unexpected<Error> refused(int error, const std::string& what) {
  const std::string whole = fmt::format("{}: {}", what, std::strerror(error));
  if (error == EPERM || error == EACCES) return std::unexpected(privilege_error(CaptureMethod::kEbpf, whole));
  return fail(ExitCode::kInput, "cannot {}", whole);
}

// A name that the kernel frees when its holder is gone, however it went; one per interface and network namespace.
Result<FileDescriptor> lock_interface(const std::string& interface, unsigned interface_index) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = fmt::format("flowgauge/clsact/{}", interface_index);
  name.copy(address.sun_path + 1, sizeof address.sun_path - 1);  // after a 0: an abstract name, not a file
  const auto bytes = static_cast<::socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (socket && ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), bytes) == 0) return socket;
  if (errno != EADDRINUSE) return refused(errno, fmt::format("reserve {} for capture through clsact", interface));
  return fail(
      ExitCode::kInput,
      "{}: another flowgauge captures here through clsact, which takes one at a time; end it, or use --attach tcx "
      "or --capture pcap",
      interface);
}

class ClsactAttachment final : public Attachment {
 public:
  ClsactAttachment(std::shared_ptr<ClsactQdisc> qdisc, const AttachPoint& point, std::uint32_t program_id)
      : qdisc_(std::move(qdisc)), point_(point), program_id_(program_id) {}

  // Somebody may have put another filter in the place of ours, or the interface may be gone: then there is nothing to
  // do.
  ~ClsactAttachment() override {
    if (is_left_) return;
    const auto filters = query_tc_filters(point_.interface_index, point_.direction);
    if (!filters) return;
    for (const TcFilter& filter : *filters) {
      if (!is_this(filter)) continue;
      const int error = remove_filter(point_.interface_index, point_.direction, filter.handle);
      if (error != 0) {
        log_warning("{}: cannot remove the tc filter of this run: {}; the next run replaces it", point_.interface,
                    std::strerror(error));
      }
    }
  }

  [[nodiscard]] bool is_attached() const override {
    const auto filters = query_tc_filters(point_.interface_index, point_.direction);
    return !filters || std::ranges::any_of(*filters, [this](const TcFilter& filter) { return is_this(filter); });
  }

  void leave() noexcept override {
    is_left_ = true;
    qdisc_->leave();
  }

 private:
  [[nodiscard]] bool is_this(const TcFilter& filter) const {
    return is_ours(filter, point_.direction) && filter.program_id == program_id_;
  }

  std::shared_ptr<ClsactQdisc> qdisc_;
  AttachPoint point_;
  std::uint32_t program_id_;
  bool is_left_ = false;
};

}  // namespace

std::uint32_t ClsactQdisc::handle() const { return kHandle | (is_ours_ ? kQdiscIsOurs : 0); }

Result<std::shared_ptr<ClsactQdisc>> ClsactQdisc::open(const std::string& interface, unsigned interface_index) {
  redirect_libbpf_messages();
  auto lock = TRY(lock_interface(interface, interface_index));
  std::shared_ptr<ClsactQdisc> qdisc(new ClsactQdisc(interface, interface_index, std::move(lock)));
  if (TRY(qdisc->make_if_missing())) return qdisc;
  for (const TrafficDirection direction : {TrafficDirection::kIngress, TrafficDirection::kEgress}) {
    TRY(qdisc->remove_leftovers(direction));
  }
  return qdisc;
}

Result<bool> ClsactQdisc::make_if_missing() {
  const auto hooks = TRY(query_tc_hooks(interface_index_));
  if (hooks == "ingress") {
    return fail(ExitCode::kInput,
                "{}: its qdisc 'ingress' is in the way of clsact; remove it ('tc qdisc del dev {} ingress') or use "
                "--capture pcap",
                interface_, shell_word(interface_));
  }
  if (!hooks.empty()) return false;
  const int error = change_qdisc(interface_index_, bpf_tc_hook_create);
  if (error != 0) return refused(error, fmt::format("add clsact to {}", interface_));
  is_ours_ = true;
  return true;
}

Result<void> ClsactQdisc::renew() {
  TRY(make_if_missing());
  return {};
}

void ClsactQdisc::leave() noexcept { is_left_ = true; }

Result<void> ClsactQdisc::remove_leftovers(TrafficDirection direction) {
  const auto filters = TRY(query_tc_filters(interface_index_, direction));
  for (const TcFilter& filter : filters) {
    if (!is_ours(filter, direction)) continue;
    is_ours_ = is_ours_ || (filter.handle & kQdiscIsOurs) != 0;
    const int error = remove_filter(interface_index_, direction, filter.handle);
    if (error != 0) return refused(error, fmt::format("remove the filter '{}' of an earlier run", filter.name));
    log_info("removed the filter '{}' that an earlier run left", filter.name);
  }
  return {};
}

ClsactQdisc::~ClsactQdisc() {
  if (!is_ours_ || is_left_) return;
  for (const TrafficDirection direction : {TrafficDirection::kIngress, TrafficDirection::kEgress}) {
    const auto filters = query_tc_filters(interface_index_, direction);
    if (!filters || !filters->empty()) return;
  }
  change_qdisc(interface_index_, bpf_tc_hook_destroy);
}

void remove_clsact_leftovers(const std::string& interface, unsigned interface_index) {
  for (const TrafficDirection direction : {TrafficDirection::kIngress, TrafficDirection::kEgress}) {
    const auto filters = query_tc_filters(interface_index, direction);
    if (!filters) return;
    for (const TcFilter& filter : *filters) {
      if (!is_ours(filter, direction)) continue;
      // Opening removes them, closing the qdisc. Where a live run has them, it says so and leaves them.
      if (const auto qdisc = ClsactQdisc::open(interface, interface_index); !qdisc)
        log_debug("{}", qdisc.error().message);
      return;
    }
  }
}

Result<std::unique_ptr<Attachment>> attach_clsact(std::shared_ptr<ClsactQdisc> qdisc, const AttachPoint& point,
                                                  int program_fd) {
  const bpf_tc_hook hook = hook_of(point.interface_index, point.direction);
  bpf_tc_opts options{};
  options.sz = sizeof options;
  options.prog_fd = program_fd;
  options.handle = qdisc->handle();
  options.priority = clsact_priority(point.direction);
  const int error = -bpf_tc_attach(&hook, &options);
  if (error != 0) {
    return refused(error, fmt::format("attach to {} through clsact (priority {}, handle {:#x})", point.interface,
                                      options.priority, options.handle));
  }
  return std::make_unique<ClsactAttachment>(std::move(qdisc), point, options.prog_id);
}

}  // namespace flowgauge
