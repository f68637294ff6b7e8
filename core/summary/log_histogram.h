// Counts of numbers by size, from which quantiles come: 64 buckets between each power of two and the next, so that a
// value is known within 0.8 %, and whole numbers below 128 exactly. Memory: 512 bytes for each power of two that is
// met.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/summary/histogram.h"

namespace flowgauge {

class LogHistogram {
 public:
  void add(double value, std::uint64_t times = 1);  // finite

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t zeros() const { return zeros_; }
  [[nodiscard]] std::uint64_t negatives() const { return negatives_; }

  enum class Numbers : std::uint8_t { kWhole, kReal };
  // The smallest value that at least `share` of all values do not exceed: of its bucket, the lower edge where that is
  // the only whole number in it, else the middle. Count is not 0.
  [[nodiscard]] double quantile(double share, Numbers numbers) const;
  // At most Histogram::kMostBins bins between the least and the greatest value.
  [[nodiscard]] Histogram histogram(double least, double greatest, Numbers numbers) const;

 private:
  static constexpr int kOctaves = 256;  // of each sign: 2^-128 to 2^128, and beyond in the outermost
  static constexpr int kBuckets = 64;
  using Octave = std::array<std::uint64_t, kBuckets>;
  using Side = std::array<std::unique_ptr<Octave>, kOctaves>;
  struct Counted {
    double from;
    double to;
    std::uint64_t rows;
  };

  // Buckets that are met, by value.
  [[nodiscard]] std::vector<Counted> buckets() const;

  Side positive_;
  std::unique_ptr<Side> negative_;  // few columns have any
  std::uint64_t zeros_ = 0;
  std::uint64_t negatives_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace flowgauge
