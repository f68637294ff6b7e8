// Whole messages through a socket between two processes, each with a descriptor or none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/handle.h"

namespace flowgauge {

// Both ends; invalid ones where there are no more descriptors, with errno.
[[nodiscard]] std::pair<FileDescriptor, FileDescriptor> socket_pair();

// False: the other end is gone. `descriptor` -1: none.
[[nodiscard]] bool send_message(int socket, std::string_view bytes, int descriptor);

struct ReceivedMessage {
  std::string bytes;
  FileDescriptor descriptor;  // invalid: none came
};
// Waits for one. Empty: the other end is closed.
[[nodiscard]] std::optional<ReceivedMessage> receive_message(int socket);

}  // namespace flowgauge
