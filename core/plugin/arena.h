// Memory for cells of variable size: strings and lists. A bump allocator over chunks that are kept. The host calls
// begin_call before each emit or derive: each of them has FG_ROW_BYTES for every row of its own, so that what is
// cut does not depend on which other features are active. One worker owns one arena.
// Invariant: memory handed out stays where it is until reset().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
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

  // Whether the memory was handed out in the call at hand. Hot.
  [[nodiscard]] bool holds(const void* data, std::size_t size_bytes) const noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(data);
    for (std::size_t chunk = call_chunk_; chunk <= chunk_ && chunk < chunks_.size(); ++chunk) {
      const std::uintptr_t from = reinterpret_cast<std::uintptr_t>(chunks_[chunk].get());
      const std::size_t first = chunk == call_chunk_ ? call_bytes_ : 0;
      const std::size_t size = (chunk == chunk_ ? used_bytes_ : kChunkBytes) - first;
      if (begin - (from + first) < size && size_bytes <= size - (begin - (from + first))) return true;
    }
    return false;
  }
  // The host's own memory, beyond any row's allowance: at most kChunkBytes.
  [[nodiscard]] void* allocate_for_host(std::size_t size_bytes);

  // A request of the call at hand that was refused, and what the row got next, if that was all that it had left.
  struct Cut {
    std::uint32_t row;
    const void* shortened;
  };
  [[nodiscard]] const std::vector<Cut>& call_cuts() const { return call_cuts_; }

  // Requests that were refused since construction: the report's `cut_cells`.
  [[nodiscard]] std::uint64_t cuts() const { return cuts_; }

 private:
  static constexpr std::size_t kChunkBytes = std::size_t{256} * 1024;
  [[nodiscard]] unsigned char* bump(std::size_t rounded) {
    if (chunk_ == chunks_.size() || used_bytes_ + rounded > kChunkBytes) [[unlikely]]
      next_chunk();
    return reinterpret_cast<unsigned char*>(chunks_[chunk_].get()) + std::exchange(used_bytes_, used_bytes_ + rounded);
  }
  void next_chunk();
  void note_cut(std::uint32_t row);

  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;  // all of one size
  std::size_t chunk_ = 0;                                 // in use
  std::size_t used_bytes_ = 0;                            // of that chunk
  std::size_t call_chunk_ = 0;                            // where the call at hand began
  std::size_t call_bytes_ = 0;
  std::vector<std::uint32_t> row_bytes_;
  std::uint64_t cuts_ = 0;
  std::vector<Cut> call_cuts_;
};

namespace flowgauge {
using Arena = ::fg_arena;
}
