// What one column holds, gathered cell by cell in constant memory.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/summary/cell_block.h"
#include "core/summary/cell_value.h"
#include "core/summary/column_meaning.h"
#include "core/summary/column_report.h"
#include "core/summary/log_histogram.h"
#include "core/summary/time_histogram.h"
#include "core/summary/value_counts.h"

namespace flowgauge {

class ColumnSummary {
 public:
  ColumnSummary(std::string name, ColumnMeaning meaning) : name_(std::move(name)), meaning_(std::move(meaning)) {}

  // Rows that the table had before the column came.
  void add_missing(std::uint64_t rows) { missing_ += rows; }
  void add(const CellBlock& block, std::size_t column);

  [[nodiscard]] const ColumnMeaning& meaning() const { return meaning_; }
  // Of a column of moments.
  [[nodiscard]] const TimeHistogram* times() const { return times_.get(); }
  // Of a cell that is a moment, if its column is one of moments.
  [[nodiscard]] std::optional<std::int64_t> time_of(const Cell& cell) const;
  [[nodiscard]] std::vector<ValueShare> greatest(std::size_t most) const;
  [[nodiscard]] ColumnReport report() const;

 private:
  enum class Moments : std::uint8_t { kNotKnown, kNone, kText, kNumber };
  static constexpr std::size_t kRemembered = 32;  // bytes of the cell before

  void add_cell(const Cell& cell);
  void add_value(const CellValue& value, std::string_view text);
  void add_number(const CellValue& value);
  void decide_moments(const CellValue& value, std::string_view text);
  void remember(const CellValue& value, const Cell& cell);
  [[nodiscard]] std::optional<std::int64_t> time_of_value(const CellValue& value, std::string_view text) const;

  std::string name_;
  ColumnMeaning meaning_;
  Moments moments_ = Moments::kNotKnown;
  std::uint64_t missing_ = 0, texts_ = 0, not_finite_ = 0, beyond_2_53_ = 0, not_utf8_ = 0, reals_ = 0;
  double least_ = 0, greatest_ = 0;
  double shift_ = 0, sum_ = 0, squares_ = 0;  // of differences from the first number, so that little is lost
  LogHistogram numbers_;
  std::unique_ptr<TimeHistogram> times_;
  std::unique_ptr<ValueCounts> values_;  // of text, and of numbers that are codes
  std::unique_ptr<DistinctCount> distinct_ = std::make_unique<DistinctCount>();
  std::uint64_t first_identity_ = 0;
  std::string first_text_;
  bool has_first_ = false;
  bool is_constant_ = true;    // of the cells that are there
  std::uint64_t content_ = 0;  // hash of all cells in order
  // The cell before, which is often the same.
  std::array<char, kRemembered> last_text_{};
  std::size_t last_size_ = 0;  // 0: none
  Cell::Form last_form_ = Cell::Form::kPlain;
  CellValue last_;
};

}  // namespace flowgauge
