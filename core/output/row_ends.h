// Where rows end in encoded text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/output/encoder.h"

namespace flowgauge {

struct WholeRows {
  std::uint64_t rows = 0;
  std::size_t bytes = 0;
};

// Finds them in a text that comes in pieces and begins with a row; a header counts as a row.
class RowEnds {
 public:
  explicit RowEnds(TableFormat format) : format_(format) {}
  void add(std::string_view text);
  [[nodiscard]] const WholeRows& whole() const { return whole_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  TableFormat format_;
  WholeRows whole_;
  std::size_t bytes_ = 0;
  bool quoted_ = false;  // a quoted cell of a CSV may hold line ends; the other formats write them as escapes
};

// The whole rows at the beginning of `text`, which begins with one.
[[nodiscard]] WholeRows whole_rows(std::string_view text, TableFormat format);

}  // namespace flowgauge
