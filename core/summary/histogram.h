// Rows by value, as it is shown: bins that touch each other, each from its lower edge to before its upper one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/figures.h"

namespace flowgauge {

struct Histogram {
  static constexpr std::size_t kMostBins = 24;
  static constexpr std::size_t kMostTimeBins = 60;

  // kWhole: a bin for each whole number. kLog: edges grow by the same factor, 0 has a bin of its own. kTime: edges are
  // ns since 1970, bins are equally wide.
  enum class Scale : std::uint8_t { kWhole, kLog, kTime };
  struct Bin {
    double from;
    double to;
    std::uint64_t rows;
    bool operator==(const Bin&) const = default;
  };

  Scale scale = Scale::kWhole;
  std::vector<Bin> bins;
};

[[nodiscard]] std::string_view scale_name(Histogram::Scale scale);

// As bars of at most so many characters: neighbours share one where there are more.
[[nodiscard]] std::string bars_of(const Histogram& histogram, std::size_t width, Glyphs glyphs);

}  // namespace flowgauge
