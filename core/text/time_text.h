// Moments as text: "2026-08-03 20:46:40.002000 UTC". Any 64-bit number of a unit since the epoch has one. Years outside
// 0 to 9999 carry a sign.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/text/time_decimals.h"

namespace flowgauge {

inline constexpr std::size_t kTimeTextBytes = 40;

// Remembers the last second, which is most often the next one's, and its day. Not for several threads at once.
class TimeText {
 public:
  // `unit_ns`: of `time`; 1 (9 decimals), 1'000 (6), 1'000'000 (3) or 1'000'000'000 (none). Needs kTimeTextBytes at
  // `out`; returns the end of the text.
  char* write(char* out, std::int64_t time, std::int64_t unit_ns, TimeDecimals decimals);

 private:
  template <unsigned Decimals>
  char* write_moment(char* out, std::int64_t time, TimeDecimals decimals);

  void take_in(std::int64_t second);

  std::int64_t second_ = INT64_MIN;  // since the epoch, as its day is
  std::int64_t day_ = INT64_MIN;     // no moment has this one
  std::array<char, 32> text_{};      // of the second
  std::size_t date_bytes_ = 0;       // of that
  std::size_t text_bytes_ = 0;
};

}  // namespace flowgauge
