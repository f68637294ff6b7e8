// Bitmaps of cells that are not null, one bit a row. NULL stands for one without a null.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/validity.h"

namespace flowgauge::expression {

// The rows that are null in neither; `own` is written where both have nulls.
inline const std::uint64_t* valid_in_both(const std::uint64_t* a, const std::uint64_t* b, std::uint32_t rows,
                                          std::uint64_t* own) {
  if (b == nullptr || a == b) return a;
  if (a == nullptr) return b;
  for (std::size_t word = 0; word < validity_words(rows); ++word) own[word] = a[word] & b[word];
  return own;
}

// Makes single cells null, beside those that are. `own` is written from the first on.
class NullMarker {
 public:
  NullMarker(const std::uint64_t*& validity, std::uint64_t* own, std::uint32_t rows)
      : validity_(validity), own_(own), rows_(rows) {}

  void mark(std::uint32_t row) {
    if (!has_marked_) take_over();
    own_[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  }

 private:
  void take_over() {
    for (std::size_t word = 0; word < validity_words(rows_); ++word) {
      own_[word] = validity_ == nullptr ? ~std::uint64_t{0} : validity_[word];
    }
    validity_ = own_;
    has_marked_ = true;
  }

  const std::uint64_t*& validity_;
  std::uint64_t* own_;
  std::uint32_t rows_;
  bool has_marked_ = false;
};

}  // namespace flowgauge::expression
