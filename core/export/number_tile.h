// Sixteen numbers of one column as text: what a wide table spends most of its time on. The digits of all are found side by
// side, in loops that become vector instructions; number_text.h writes one number, to the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flowgauge {

inline constexpr std::size_t kTileNumbers = 16;

// Where a tile's texts go: each is `before` and a number. `ends[i]` becomes the end of text i, counted from `begin`.
struct TileText {
  char before;
  const char* begin;
  std::uint32_t* ends;
};

// Both need kIntegerTextBytes + 9 (kRealTextBytes + 1) bytes at `out` for each number, and return the end of the last.
char* write_naturals(char* out, const std::uint64_t* values, const TileText& text);
char* write_reals(char* out, const double* values, const TileText& text);

}  // namespace flowgauge
