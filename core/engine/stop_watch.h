// Passes a stop request on to a source that may be waiting for a pipe.
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <thread>

#include "core/base/handle.h"
#include "core/base/log.h"
#include "core/base/stop_request.h"
#include "core/ingest/source.h"

namespace flowgauge {

// Ends with its scope. Both must outlive it.
class StopWatch {
 public:
  StopWatch(const StopRequest& stop, Source& source) : done_(::eventfd(0, EFD_CLOEXEC)) {
    thread_ = std::jthread([&stop, &source, done = done_.get()] {
      pollfd waits[] = {{stop.descriptor(), POLLIN, 0}, {done, POLLIN, 0}};
      while (::poll(waits, 2, -1) < 0 && errno == EINTR) {
      }
      if (stop.requested()) source.interrupt();
    });
  }
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;
  ~StopWatch() {
    const std::uint64_t one = 1;
    if (::write(done_.get(), &one, sizeof one) < 0) log_debug("eventfd: {}", std::system_category().message(errno));
  }

 private:
  FileDescriptor done_;
  std::jthread thread_;
};

}  // namespace flowgauge
