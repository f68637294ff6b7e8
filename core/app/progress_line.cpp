#include "core/app/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/text.h"

namespace flowgauge {
namespace {

std::string time_left_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  const std::uint64_t hours = whole / 3600;
  if (hours > 0) return fmt::format("{}:{:02}:{:02} left", hours, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02} left", whole / 60, whole % 60);
}

}  // namespace

std::string progress_line(const ReadSoFar& so_far, std::uint64_t things, std::string_view noun) {
  // A file that grows while it is read is never more than done.
  const std::uint64_t total = so_far.bytes_total;
  const std::uint64_t read = total > 0 ? std::min(so_far.bytes_read, total) : so_far.bytes_read;
  std::string text = human_bytes(read);
  const double done = total > 0 ? static_cast<double>(read) / static_cast<double>(total) : 0;
  if (total > 0) text += fmt::format(" of {} ({:.0f} %)", human_bytes(total), std::floor(done * 100));
  const double seconds = std::chrono::duration<double>(so_far.elapsed).count();
  if (seconds <= 0) return text;
  text +=
      fmt::format(", {} {}/s", with_thousands(static_cast<std::uint64_t>(static_cast<double>(things) / seconds)), noun);
  if (done > 0) text += fmt::format(", {}", time_left_text(seconds / done - seconds));
  return text;
}

std::string progress_line(const RunStatus& status) {
  const SourceProgress files = status.files.value_or(SourceProgress{});
  return progress_line({files.bytes_read, files.bytes_total, status.elapsed}, status.ledger.frames_read, "packets");
}

Observer observer_on(Terminal& terminal) {
  if (!terminal.is_terminal()) return {};
  return {.status = [&](const RunStatus& status) { terminal.set_status(progress_line(status)); }};
}

}  // namespace flowgauge
