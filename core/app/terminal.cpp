#include "core/app/terminal.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace flowgauge {
namespace {

constexpr std::size_t kUnknownColumns = 80;
constexpr std::string_view kToLineStart = "\r\x1b[K";  // and what is there goes
constexpr std::string_view kEraseRest = "\x1b[K";

std::size_t columns_of(std::FILE* stream) {
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknownColumns;
  return size.ws_col;
}

}  // namespace

void Terminal::write_beyond_standard_error() {
  const int copy = fcntl(fileno(stream_), F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  std::FILE* const stream = copy < 0 ? nullptr : fdopen(copy, "w");
  if (stream == nullptr) return;
  std::setvbuf(stream, nullptr, _IONBF, 0);
  stream_ = stream;
}

bool Terminal::is_terminal() const { return isatty(fileno(stream_)) == 1; }

void Terminal::write(std::string_view lines) {
  const std::scoped_lock lock(mutex_);
  if (status_.empty()) return put(lines);
  std::string text(kToLineStart);
  text.append(lines).append(status_);
  put(text);
}

void Terminal::set_status(std::string_view text) {
  if (!is_terminal()) return;
  const std::scoped_lock lock(mutex_);
  status_ = text.substr(0, columns_of(stream_) - 1);  // a line that wraps cannot be taken back
  std::string shown("\r");
  shown.append(status_).append(kEraseRest);
  put(shown);
}

void Terminal::clear_status() {
  const std::scoped_lock lock(mutex_);
  if (status_.empty()) return;
  status_.clear();
  put(kToLineStart);
}

// One call of write(2) where the stream has no buffer, as standard error.
void Terminal::put(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stream_) != text.size()) return;  // nobody is left to tell
  std::fflush(stream_);
}

}  // namespace flowgauge
