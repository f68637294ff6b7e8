// libbpf 1.1 has no call for TCX, and Debian 12's headers do not know it: the system call and its numbers are written
// out here, as in Linux 6.6's include/uapi/linux/bpf.h.
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>

#include "core/base/handle.h"
#include "core/host/privileges.h"
#include "core/live/ebpf/attachment.h"
#include "core/live/ebpf/tcx_places.h"

namespace flowgauge {
namespace {

constexpr int kObjectInfo = 15;
constexpr int kLinkCreate = 28;
constexpr std::uint32_t kBeforeAllOthers = 1U << 3;  // BPF_F_BEFORE without a relative
constexpr std::uint32_t kAfterAllOthers = 0;

struct LinkCreate {
  std::uint32_t program_fd;
  std::uint32_t interface_index;
  std::uint32_t attach_type;
  std::uint32_t flags;
  std::uint32_t relative_fd;
  std::uint32_t padding;
  std::uint64_t expected_revision;
};

struct ObjectInfo {
  std::uint32_t fd;
  std::uint32_t bytes;
  std::uint64_t info;
};

// The beginning of bpf_link_info, of a link of TCX.
struct LinkInfo {
  std::uint32_t type;
  std::uint32_t id;
  std::uint32_t program_id;
  std::uint32_t padding;
  std::uint32_t interface_index;  // 0: detached, by force or with its interface
  std::uint32_t attach_type;
};

class TcxAttachment final : public Attachment {
 public:
  explicit TcxAttachment(int link_fd) : link_(link_fd) {}

  [[nodiscard]] bool is_attached() const override {
    LinkInfo info{};
    ObjectInfo request{static_cast<std::uint32_t>(link_.get()), sizeof info, reinterpret_cast<std::uint64_t>(&info)};
    return ::syscall(SYS_bpf, kObjectInfo, &request, sizeof request) != 0 || info.interface_index != 0;
  }

 private:
  FileDescriptor link_;  // closing it detaches
};

}  // namespace

// A kernel with TCX looks for the interface, of which there is none; an older one does not know the place to attach to.
bool kernel_has_tcx(int program_fd) {
  LinkCreate request{};
  request.program_fd = static_cast<std::uint32_t>(program_fd);
  request.interface_index = INT_MAX;
  request.attach_type = tcx_attach_type(TrafficDirection::kIngress);
  const FileDescriptor link(static_cast<int>(::syscall(SYS_bpf, kLinkCreate, &request, sizeof request)));
  return link || errno == ENODEV;
}

Result<std::unique_ptr<Attachment>> attach_tcx(const AttachPoint& point, int program_fd) {
  const bool ingress = point.direction == TrafficDirection::kIngress;
  LinkCreate request{};
  request.program_fd = static_cast<std::uint32_t>(program_fd);
  request.interface_index = point.interface_index;
  request.attach_type = tcx_attach_type(point.direction);
  // Packets as they are on the wire: before others change or drop what comes, after they did so to what goes.
  request.flags = ingress ? kBeforeAllOthers : kAfterAllOthers;
  const int link_fd = static_cast<int>(::syscall(SYS_bpf, kLinkCreate, &request, sizeof request));
  if (link_fd >= 0) return std::make_unique<TcxAttachment>(link_fd);
  const int error = errno;
  const std::string what = fmt::format("attach to {} through TCX: {}", point.interface, std::strerror(error));
  if (error == EPERM || error == EACCES) return std::unexpected(privilege_error(CaptureMethod::kEbpf, what));
  return fail(ExitCode::kInput, "cannot {}", what);
}

}  // namespace flowgauge
