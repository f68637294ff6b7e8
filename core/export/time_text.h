// Moments as text: "2026-08-03 20:46:40.002000 UTC". Any 64-bit number of a unit since the epoch has one; years outside 0 to
// 9999 carry a sign.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace flowgauge {

inline constexpr std::size_t kTimeTextBytes = 40;

// How many decimals a moment has: as many as its unit, whatever its value; or 0, 3, 6 or 9, the fewest that tell all.
enum class TimeDecimals : std::uint8_t { kFixed, kShortest };

// Remembers the last day's date, which is most often the next one's. Not for several threads at once.
class TimeText {
 public:
  // `unit_ns`: of `time`; 1 (9 decimals), 1'000 (6), 1'000'000 (3) or 1'000'000'000 (none). Needs kTimeTextBytes at
  // `out`; returns the end of the text.
  char* write(char* out, std::int64_t time, std::int64_t unit_ns, TimeDecimals decimals);

 private:
  template <unsigned Decimals>
  char* write_moment(char* out, std::int64_t time, TimeDecimals decimals);

  std::int64_t day_ = INT64_MIN;  // since the epoch; no moment has this one
  std::array<char, 24> date_{};
  std::size_t date_bytes_ = 0;
};

}  // namespace flowgauge
