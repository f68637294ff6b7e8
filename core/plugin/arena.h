// Memory for cells of variable size: strings and lists. A bump allocator over chunks that are kept. The host calls
// begin_call before each emit or derive: each of them has FG_ROW_BYTES for every row of its own, so that what is
// cut does not depend on which other features are active. One worker owns one arena.
// Invariant: memory handed out stays where it is until reset().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

struct fg_arena {
 public:
  // All memory handed out is void from here on. Once per emit of a set of rows.
  void reset();
  // The next call writes rows 0 to row_count - 1, each with a whole allowance.
  void begin_call(std::uint32_t row_count);
  // Aligned to 8; null if the row has not that much left, or there is no such row. Size 0 gives a valid pointer.
  [[nodiscard]] void* allocate(std::uint32_t row, std::size_t size_bytes);

  // Requests that were refused since construction: the report's `cut_cells`.
  [[nodiscard]] std::uint64_t cuts() const { return cuts_; }

 private:
  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;  // all of one size
  std::size_t chunk_ = 0;                                 // in use
  std::size_t used_bytes_ = 0;                            // of that chunk
  std::vector<std::uint32_t> row_bytes_;
  std::uint64_t cuts_ = 0;
};

namespace flowgauge {
using Arena = ::fg_arena;
}
