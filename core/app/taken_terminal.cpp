#include "core/app/taken_terminal.h"

#include <unistd.h>

#include <algorithm>

namespace flowgauge {

void TakenTerminal::note(const TerminalRest& rest) noexcept {
  modes_ = rest.modes;
  leave_size_ = std::min(rest.leave.size(), leave_.size());
  std::copy_n(rest.leave.begin(), leave_size_, leave_.begin());
  is_taken_.store(true);
}

void TakenTerminal::give_back() noexcept {
  if (!is_taken_.exchange(false)) return;
  ::tcsetattr(STDERR_FILENO, TCSANOW, &modes_);
  if (::write(STDERR_FILENO, leave_.data(), leave_size_) < 0) return;  // nobody is left to tell
}

}  // namespace flowgauge
