// Rows by moment: at most kSlots equally wide spans, which double where the moments reach farther. In constant memory.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/summary/histogram.h"

namespace flowgauge {

class TimeHistogram {
 public:
  void add(std::int64_t time_ns);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::int64_t first_ns() const { return first_ns_; }
  [[nodiscard]] std::int64_t last_ns() const { return last_ns_; }
  // At most Histogram::kMostTimeBins bins from the first moment to the last.
  [[nodiscard]] Histogram histogram() const;
  [[nodiscard]] std::int64_t quantile(double share) const;  // within 1/512 of the span

  // The longest stretch without a row, as far as the spans tell.
  struct Gap {
    std::int64_t begin_ns;
    std::int64_t end_ns;
  };
  [[nodiscard]] std::optional<Gap> longest_gap() const;

 private:
  static constexpr std::int64_t kSlots = 1024;

  void reach(std::int64_t slot);
  [[nodiscard]] std::uint64_t rows_in(std::int64_t slot) const {
    return rows_[static_cast<std::size_t>(slot & (kSlots - 1))];
  }

  // Slot i holds moments from i << shift_ on; lowest_ to highest_ are less than kSlots, so that each has a place.
  std::array<std::uint64_t, kSlots> rows_{};
  int shift_ = 0;
  std::int64_t lowest_ = 0;
  std::int64_t highest_ = 0;
  std::uint64_t count_ = 0;
  std::int64_t first_ns_ = 0;
  std::int64_t last_ns_ = 0;
};

}  // namespace flowgauge
