// Writes that a reader may keep waiting: a pipe or a socket takes nothing while its reader does not read. Whoever writes
// then waits where a stop request is seen. Stateless but for the descriptor, which stays the caller's.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <string_view>

#include "core/base/stop_request.h"

namespace flowgauge {

// How long a reader that takes nothing is waited for behind a stop request.
inline constexpr std::chrono::seconds kReaderPatience{5};

class PatientWrite {
 public:
  // `stop` null: it waits for ever.
  PatientWrite(int fd, const StopRequest* stop);

  // As write(2), but for the wait. -1 and ETIMEDOUT: a stop is requested, and the reader takes nothing.
  ssize_t write(std::string_view bytes) const;

 private:
  [[nodiscard]] bool wait() const;
  [[nodiscard]] ssize_t write_what_fits(std::string_view bytes) const;

  int fd_;
  const StopRequest* stop_;
  bool may_wait_;  // a pipe or a socket
};

}  // namespace flowgauge
