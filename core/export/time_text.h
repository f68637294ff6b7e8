// Moments as text: "2026-08-03 20:46:40.002 UTC", with 0, 3 or 6 decimals, as many as needed. Any 64-bit number of
// microseconds since the epoch has one; years outside 0 to 9999 carry a sign.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace flowgauge {

inline constexpr std::size_t kTimeTextBytes = 40;

// Remembers the last day's date, which is most often the next one's. Not for several threads at once.
class TimeText {
 public:
  // Needs kTimeTextBytes at `out`; returns the end of the text.
  char* write(char* out, std::int64_t time_us);

 private:
  std::int64_t day_ = INT64_MIN;  // since the epoch; no moment has this one
  std::array<char, 16> date_{};
  std::size_t date_bytes_ = 0;
};

}  // namespace flowgauge
