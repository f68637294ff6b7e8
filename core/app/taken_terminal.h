// What gives the terminal back where the process that shows a whole screen on it cannot do so any more: in memory that
// the supervisor has too.
#pragma once

#include <termios.h>

#include <array>
#include <atomic>
#include <cstddef>

#include "core/screen/screen.h"

namespace flowgauge {

class TakenTerminal {
 public:
  void note(const TerminalRest& rest) noexcept;
  // It was given back in order.
  void forget() noexcept { is_taken_.store(false); }
  // Through standard error, if it is still taken. Async-signal-safe.
  void give_back() noexcept;

 private:
  std::atomic<bool> is_taken_{false};
  termios modes_{};
  std::array<char, 256> leave_{};
  std::size_t leave_size_ = 0;
};

}  // namespace flowgauge
