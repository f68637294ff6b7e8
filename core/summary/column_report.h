// What is told of a column.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/summary/column_meaning.h"
#include "core/summary/histogram.h"
#include "core/summary/value_counts.h"

namespace flowgauge {

struct ColumnReport {
  // kMixed: numbers and text. kEmpty: no cell has a value.
  enum class Type : std::uint8_t { kEmpty, kWhole, kReal, kText, kTime, kMixed };
  struct Numbers {
    double least = 0, mean = 0, deviation = 0, greatest = 0;  // deviation: of the population
    double p05 = 0, p25 = 0, median = 0, p75 = 0, p95 = 0;    // within 0.8 %
    std::uint64_t zeros = 0;
  };
  struct Moments {
    std::int64_t first_ns = 0, median_ns = 0, last_ns = 0;  // median: within 1/512 of the span
  };

  std::string name;
  Type type = Type::kEmpty;
  ColumnMeaning meaning;
  std::uint64_t values = 0;  // cells that are there
  std::uint64_t missing = 0, texts = 0, not_finite = 0, beyond_2_53 = 0, not_utf8 = 0;
  std::uint64_t distinct = 0;  // of the values that are there
  bool distinct_is_estimate = false;
  bool is_constant = false;  // there are several cells, none is missing, and all are the same
  std::string constant;      // which
  std::optional<Numbers> numbers;
  std::optional<Moments> moments;
  std::vector<ValueShare> top;  // of text, and of numbers that are codes
  Histogram histogram;
  std::uint64_t content = 0;  // equal for columns of the same cells
};

[[nodiscard]] std::string_view type_name_of(ColumnReport::Type type);

}  // namespace flowgauge
