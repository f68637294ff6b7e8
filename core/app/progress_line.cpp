#include "core/app/progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::size_t kUnknownColumns = 80;

std::size_t columns_of(std::FILE* stream) {
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUnknownColumns;
  return size.ws_col;
}

std::string time_left_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  const std::uint64_t hours = whole / 3600;
  if (hours > 0) return fmt::format("{}:{:02}:{:02} left", hours, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02} left", whole / 60, whole % 60);
}

}  // namespace

std::string progress_text(const ProgressSample& sample) {
  // A file that grows while it is read is never more than done.
  const std::uint64_t total = sample.source.bytes_total;
  const std::uint64_t read = total > 0 ? std::min(sample.source.bytes_read, total) : sample.source.bytes_read;
  std::string text = human_bytes(read);
  const double done = total > 0 ? static_cast<double>(read) / static_cast<double>(total) : 0;
  if (total > 0) text += fmt::format(" of {} ({:.0f} %)", human_bytes(total), std::floor(done * 100));
  const double seconds = std::chrono::duration<double>(sample.elapsed).count();
  if (seconds <= 0) return text;
  text += fmt::format(", {} packets/s",
                      with_thousands(static_cast<std::uint64_t>(static_cast<double>(sample.frames) / seconds)));
  if (done > 0) text += fmt::format(", {}", time_left_text(seconds / done - seconds));
  return text;
}

ProgressLine::ProgressLine(std::FILE* stream) : stream_(stream), active_(isatty(fileno(stream)) == 1) {}

void ProgressLine::show(const ProgressSample& sample) {
  if (!active_ || sample.elapsed < next_) return;
  next_ = sample.elapsed + kProgressInterval;
  show_text(progress_text(sample));
}

void ProgressLine::show_text(std::string text) {
  if (!active_) return;
  text.resize(std::min(text.size(), columns_of(stream_) - 1));  // a line that wraps cannot be taken back
  fmt::print(stream_, "\r{}\x1b[K", text);
  std::fflush(stream_);
  shown_ = true;
}

void ProgressLine::clear() {
  if (!shown_) return;
  fmt::print(stream_, "\r\x1b[K");
  std::fflush(stream_);
  shown_ = false;
}

}  // namespace flowgauge
