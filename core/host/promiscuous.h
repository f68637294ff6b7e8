// Interfaces that hand over what is not addressed to this host, as long as this lives: the kernel counts who asks for
// it, and forgets a process that is gone. One thread.
#pragma once

#include <cstdint>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace flowgauge {

class PromiscuousMode {
 public:
  // Asks for none yet. kPrivilege without CAP_NET_RAW.
  [[nodiscard]] static Result<PromiscuousMode> open();

  // Needs no privilege any more.
  [[nodiscard]] Result<void> ask(std::uint32_t interface_index) const;

 private:
  explicit PromiscuousMode(FileDescriptor socket) : socket_(std::move(socket)) {}

  FileDescriptor socket_;
};

}  // namespace flowgauge
