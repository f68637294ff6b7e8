#include "core/base/stop_request.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace flowgauge {

StopRequest::StopRequest() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

StopRequest::StopRequest(const StopRequest* followed) : StopRequest() {
  followed_ = followed;
  if (followed == nullptr) return;
  either_ = FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
  for (const int one : {event_.get(), followed->descriptor()}) {
    epoll_event readable{.events = EPOLLIN, .data = {}};
    (void)epoll_ctl(either_.get(), EPOLL_CTL_ADD, one, &readable);  // without it the flags still tell
  }
}

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
