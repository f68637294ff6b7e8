#include "core/base/stop_request.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace flowgauge {

StopRequest::StopRequest() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

bool StopRequest::request() noexcept {
  if (requested_.exchange(true)) return false;
  const std::uint64_t one = 1;
  // Nothing to do about a failure: the flag is set.
  if (event_ && write(event_.get(), &one, sizeof one) < 0) return true;
  return true;
}

bool StopRequest::abandon() noexcept {
  abandoned_ = true;
  return request();
}

}  // namespace flowgauge
