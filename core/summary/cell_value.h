// What the text of a cell is: a number, no finite number, a moment, or text. Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/summary/cell_block.h"

namespace flowgauge {

struct CellValue {
  enum class Kind : std::uint8_t { kMissing, kNumber, kNotFinite, kText };

  Kind kind = Kind::kMissing;
  bool is_whole = false;
  bool is_beyond_2_53 = false;  // a whole number that a double need not hold
  double number = 0;            // the nearest one
  std::int64_t whole = 0;       // the number itself, where it is whole and within 64 bits with a sign
  std::uint64_t identity = 0;   // equal for equal cells
};

[[nodiscard]] CellValue value_of_cell(const Cell& cell);

// "2026-08-03 20:46:40.002000 UTC", "2026-08-03T20:46:40Z": ns since 1970. None: it is no such moment.
[[nodiscard]] std::optional<std::int64_t> time_of_text(std::string_view text);

// Of bytes, for hashing: the same in every run.
[[nodiscard]] std::uint64_t hash_of_text(std::string_view text);
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t value) {  // the finalizer of SplitMix64 (Steele et al., 2014)
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9U;
  value = (value ^ value >> 27) * 0x94d049bb133111ebU;
  return value ^ value >> 31;
}

}  // namespace flowgauge
