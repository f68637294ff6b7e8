#include "core/host/promiscuous.h"

#include <linux/if_packet.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace flowgauge {

Result<PromiscuousMode> PromiscuousMode::open() {
  constexpr int kNoPackets = 0;  // a protocol that hears nothing
  FileDescriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, kNoPackets));
  if (socket) return PromiscuousMode(std::move(socket));
  if (errno == EPERM || errno == EACCES) return fail(ExitCode::kPrivilege, "CAP_NET_RAW is missing");
  return fail(ExitCode::kInput, "no packet socket can be opened: {}", std::strerror(errno));
}

Result<void> PromiscuousMode::ask(std::uint32_t interface_index) const {
  packet_mreq request{};
  request.mr_ifindex = static_cast<int>(interface_index);
  request.mr_type = PACKET_MR_PROMISC;
  if (::setsockopt(socket_.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request) == 0) return {};
  return fail(ExitCode::kInput, "it refuses: {}", std::strerror(errno));
}

}  // namespace flowgauge
