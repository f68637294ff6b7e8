// Writes that a reader may keep waiting: a pipe, a socket or a terminal takes nothing while its reader does not read,
// or has stopped it (Ctrl-S). Whoever writes then waits where a stop request is seen. The descriptor stays the
// caller's.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/stop_request.h"

namespace flowgauge {

// How long a reader that takes nothing is waited for behind a stop request.
inline constexpr std::chrono::seconds kReaderPatience{5};

class PatientWrite {
 public:
  // `stop` null: it waits for ever.
  PatientWrite(int fd, const StopRequest* stop, std::chrono::milliseconds patience = kReaderPatience);

  // As write(2), but for the wait. -1 and ETIMEDOUT: a stop is requested, and the reader takes nothing.
  ssize_t write(std::string_view bytes) const;

 private:
  [[nodiscard]] bool wait() const;
  [[nodiscard]] ssize_t write_what_fits(std::string_view bytes) const;

  int fd_;
  const StopRequest* stop_;
  std::chrono::milliseconds patience_;
  FileDescriptor terminal_;  // opened again, so that its writes never wait; none: no terminal, or it may not be opened
  bool may_wait_ = false;    // it has a reader
};

}  // namespace flowgauge
