// A moment in a message.
#pragma once

#include <chrono>
#include <string>

namespace flowgauge {

// "2026-11-29T15:45:12Z"; in UTC, as the times of rows are.
[[nodiscard]] std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace flowgauge
