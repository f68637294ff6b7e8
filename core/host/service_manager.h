// What a service manager (systemd) is told by a program that it started, by the protocol of sd_notify(3): datagrams of
// lines "NAME=VALUE" to a socket that the environment names. Nothing is told where no manager asked for it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace flowgauge {

class ServiceManager {
 public:
  // As NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID say; none: there is no manager. An error: it cannot be reached.
  [[nodiscard]] static Result<std::optional<ServiceManager>> of_environment();

  // "READY=1", or several lines. A manager that does not listen is no matter.
  void tell(std::string_view lines) const noexcept;
  // How long the program may be silent (WATCHDOG=1) until it counts as hanging; none: it may for ever.
  [[nodiscard]] std::optional<std::chrono::microseconds> watchdog() const { return watchdog_; }

 private:
  ServiceManager(FileDescriptor socket, std::optional<std::chrono::microseconds> watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  FileDescriptor socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

// Whether what is written to this descriptor goes to systemd's journal, which reads "<4>" before a line as its
// priority.
[[nodiscard]] bool goes_to_journal(int descriptor);

}  // namespace flowgauge
