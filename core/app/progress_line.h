// The line that shows on a terminal how far a run over capture files is: bytes of bytes, rate, time left.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/app/terminal.h"
#include "core/engine/observer.h"
#include "core/engine/run_status.h"

namespace flowgauge {

// How much of what is to be read was read.
struct ReadSoFar {
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_total = 0;  // 0: not known
  std::chrono::nanoseconds elapsed{0};
};

// "12.0 MiB of 96.0 MiB (12 %), 1,234,567 rows/s, 0:07 left"; what is not known yet is left out.
[[nodiscard]] std::string progress_line(const ReadSoFar& so_far, std::uint64_t things, std::string_view noun);

// "12.0 MiB of 96.0 MiB (12 %), 1,234,567 packets/s, 0:07 left"; what is not known yet is left out.
[[nodiscard]] std::string progress_line(const RunStatus& status);

// Shows the run's progress where that is a terminal.
[[nodiscard]] Observer observer_on(Terminal& terminal);

}  // namespace flowgauge
