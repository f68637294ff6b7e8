// What holds of all that `flowgauge summary` tells, whatever it read.
#pragma once

#include <string>

#include "core/summary/summary_forms.h"
#include "tests/fuzz/target.h"

namespace flowgauge::test {

inline void check_column(const ColumnReport& column, std::uint64_t rows) {
  must_hold(column.values + column.missing == rows, "each row has a cell, or misses it");
  must_hold(column.distinct <= column.values, "no more different values than values");
  std::uint64_t in_bins = 0;
  for (const auto& bin : column.histogram.bins) in_bins += bin.rows;
  if (column.moments) must_hold(in_bins == column.values, "each moment is in a bin");
  if (!column.numbers) return;
  must_hold(in_bins == column.values - column.texts - column.not_finite, "each number is in a bin");
  must_hold(column.numbers->least <= column.numbers->median && column.numbers->median <= column.numbers->greatest,
            "the median lies between the least and the greatest");
}

inline void check_summary(const Summary& summary) {
  std::uint64_t rows = 0;
  for (const auto& file : summary.files) rows += file.rows;
  must_hold(rows == summary.rows, "the rows of the files are all rows");
  for (const ColumnReport& column : summary.columns) check_column(column, rows);
  const std::string text = summary_text(summary, {});
  must_hold(text.find('\x1b') == std::string::npos, "no text steers a terminal");
  must_hold(summary_page(summary).ends_with("</html>\n"), "the page is whole");
  must_hold(summary_json(summary).ends_with("}\n"), "the JSON is whole");
}

}  // namespace flowgauge::test
