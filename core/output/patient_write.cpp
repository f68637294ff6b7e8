#include "core/output/patient_write.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>

namespace flowgauge {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool is_pipe_or_socket(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

}  // namespace

PatientWrite::PatientWrite(int fd, const StopRequest* stop, milliseconds patience)
    : fd_(fd), stop_(stop), patience_(patience) {
  if (stop == nullptr) return;
  const bool is_terminal = ::isatty(fd) != 0;
  if (is_terminal) {
    const std::string path = "/proc/self/fd/" + std::to_string(fd);
    terminal_ = FileDescriptor(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  }
  may_wait_ = is_terminal || is_pipe_or_socket(fd);
}

ssize_t PatientWrite::write(std::string_view bytes) const {
  if (!may_wait_) return ::write(fd_, bytes.data(), bytes.size());
  for (;;) {
    const ssize_t count = write_what_fits(bytes);
    if (count >= 0 || errno != EAGAIN) return count;
    if (!wait()) return -1;
  }
}

// EAGAIN: there is no room. The descriptor's own flags stay: others may have the same pipe open.
ssize_t PatientWrite::write_what_fits(std::string_view bytes) const {
  if (terminal_) return ::write(terminal_.get(), bytes.data(), bytes.size());
  const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  const ssize_t count = ::pwritev2(fd_, &piece, 1, -1, RWF_NOWAIT);
  if (count >= 0 || errno != EOPNOTSUPP) return count;
  // A terminal, or before Linux 6.4: a pipe that has room takes so many bytes at once.
  pollfd room{fd_, POLLOUT, 0};
  if (::poll(&room, 1, 0) == 0) {
    errno = EAGAIN;
    return -1;
  }
  return ::write(fd_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
}

// False: errno is ETIMEDOUT.
bool PatientWrite::wait() const {
  pollfd waits[] = {{fd_, POLLOUT, 0}, {stop_->descriptor(), POLLIN, 0}};
  if (!stop_->requested()) {
    while (::poll(waits, 2, -1) < 0 && errno == EINTR) {
    }
    if (waits[0].revents != 0 || !stop_->requested()) return true;
  }
  const auto until = Clock::now() + patience_;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
    if (left.count() <= 0) break;
    if (::poll(waits, 1, static_cast<int>(left.count())) > 0) return true;
  }
  errno = ETIMEDOUT;
  return false;
}

}  // namespace flowgauge
