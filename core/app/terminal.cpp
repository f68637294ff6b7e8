#include "core/app/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <utility>

#include "core/base/host_path.h"

namespace flowgauge {
namespace {

constexpr std::size_t kUnknownColumns = 80;
constexpr std::size_t kMostKept = std::size_t{1} << 20;  // of messages behind a whole screen, and of unwritten ones
constexpr std::string_view kToLineStart = "\r\x1b[K";    // and what is there goes
constexpr std::string_view kEraseRest = "\x1b[K";

std::size_t columns_of(std::FILE* stream) {
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknownColumns;
  return size.ws_col;
}

}  // namespace

void Terminal::write_beyond_standard_error() {
  FileDescriptor copy = copy_of_descriptor(fileno(stream_));
  std::FILE* const stream = copy ? fdopen(copy.get(), "w") : nullptr;
  if (stream == nullptr) return;
  (void)copy.release();  // the stream's
  std::setvbuf(stream, nullptr, _IONBF, 0);
  stream_ = stream;
}

bool Terminal::is_terminal() const { return isatty(fileno(stream_)) == 1; }

void Terminal::write(std::string_view lines) {
  const std::scoped_lock lock(mutex_);
  if (taker_) {
    if (kept_.size() < kMostKept) kept_ += lines;
    return taker_(lines);
  }
  if (status_.empty()) return put(lines);
  std::string text(kToLineStart);
  text.append(lines).append(status_);
  put(text);
}

void Terminal::set_status(std::string_view text) {
  if (!is_terminal()) return;
  const std::scoped_lock lock(mutex_);
  if (taker_ || is_row_open_) return;
  put({});
  if (!unwritten_.empty() || !has_room()) return;     // a later one will do
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

void Terminal::make_way(std::string_view rows) {
  clear_status();
  const std::scoped_lock lock(mutex_);
  is_row_open_ = !rows.ends_with('\n');
}

void Terminal::lend(Taker taker) {
  clear_status();
  const std::scoped_lock lock(mutex_);
  taker_ = std::move(taker);
}

void Terminal::take_back() {
  const std::scoped_lock lock(mutex_);
  taker_ = nullptr;
  if (!kept_.empty()) put(kept_);
  kept_.clear();
}

void Terminal::write_rest() {
  const std::scoped_lock lock(mutex_);
  write_unwritten();
}

void Terminal::put(std::string_view text) {
  unwritten_.erase(0, write_to_room(unwritten_));
  if (unwritten_.empty()) text.remove_prefix(write_to_room(text));
  unwritten_ += text;
  if (unwritten_.size() > kMostKept) write_unwritten();
}

void Terminal::write_unwritten() {
  (void)std::fwrite(unwritten_.data(), 1, unwritten_.size(), stream_);
  std::fflush(stream_);
  unwritten_.clear();
}

// A stream that can be written no more has room for everything: nobody is left to tell.
bool Terminal::has_room() const {
  pollfd stream{fileno(stream_), POLLOUT, 0};
  return ::poll(&stream, 1, 0) != 0;
}

// How much of it was written: calls of write(2), which do not wait. Where there is room, a pipe takes PIPE_BUF bytes.
std::size_t Terminal::write_to_room(std::string_view text) {
  std::size_t written = 0;
  while (written < text.size() && has_room()) {
    const std::string_view piece = text.substr(written, PIPE_BUF);
    if (std::fwrite(piece.data(), 1, piece.size(), stream_) != piece.size()) return text.size();
    std::fflush(stream_);
    written += piece.size();
  }
  return written;
}

}  // namespace flowgauge
