#include "core/plugin/trial_socket.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/plugin/trial_request.h"

namespace flowgauge {
namespace {

union Control {
  cmsghdr aligned;
  char bytes[CMSG_SPACE(sizeof(int))];
};

}  // namespace

std::pair<FileDescriptor, FileDescriptor> socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return {};
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

bool send_message(int socket, std::string_view bytes, int descriptor) {
  iovec part{const_cast<char*>(bytes.data()),
             bytes.size()};  // NOLINT(cppcoreguidelines-pro-type-const-cast): not written
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Control control{};
  if (descriptor >= 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  for (;;) {
    if (::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0) return true;
    if (errno != EINTR) return false;
  }
}

std::optional<ReceivedMessage> receive_message(int socket) {
  ReceivedMessage received;
  Control control{};
  msghdr message{};
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  // Most messages are a few bytes long: what they could be is not filled with zeros before.
  received.bytes.resize_and_overwrite(kTrialMessageBytes, [&](char* data, std::size_t size_bytes) {
    iovec part{data, size_bytes};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    ssize_t got = 0;
    do {
      got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  });
  if (received.bytes.empty()) return std::nullopt;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int descriptor = -1;
    std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    received.descriptor = FileDescriptor(descriptor);
  }
  return received;
}

}  // namespace flowgauge
