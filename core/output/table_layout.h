// Aligned columns for a terminal, from rows of an Encoder of TableFormat::kPrint. The first rows decide the widths, so
// they are held back; a later cell that is wider pushes its row, and nothing is cut. One thread at a time.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/table/schema.h"

namespace flowgauge {

inline constexpr std::size_t kRowsThatDecide = 50;

class TableLayout {
 public:
  TableLayout(std::span<const OutputColumn> columns, bool header);

  // Whole rows; what can be shown already is appended to `out`.
  void add(std::string_view rows, std::string& out);
  // Shows what was held back; later rows keep its widths. Also the header, if there was no row.
  void flush(std::string& out);

 private:
  void lay_out(std::string_view row, std::string& out) const;
  void widen(std::string_view row);

  std::string header_;       // a row, or empty
  std::vector<bool> right_;  // numbers
  std::vector<std::size_t> widths_;
  std::string held_;
  std::size_t held_rows_ = 0;
  bool decided_ = false;
};

}  // namespace flowgauge
