#include "core/plugin/arena.h"

namespace {
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
constexpr std::size_t kMostCuts = 4096;  // of one call that are kept; a plugin may ask without end

std::size_t rounded_up(std::size_t size_bytes) { return (size_bytes + kWordBytes - 1) / kWordBytes * kWordBytes; }
}  // namespace

void fg_arena::reset() {
  chunk_ = call_chunk_ = 0;
  used_bytes_ = call_bytes_ = 0;
  row_bytes_.clear();
}

void fg_arena::begin_call(std::uint32_t row_count) {
  row_bytes_.assign(row_count, 0);
  call_chunk_ = chunk_;
  call_bytes_ = used_bytes_;
  call_cuts_.clear();
}

void* fg_arena::allocate(std::uint32_t row, std::size_t size_bytes) {
  // Compared before it is rounded up: a plugin may ask for SIZE_MAX.
  if (row >= row_bytes_.size() || size_bytes > FG_ROW_BYTES - row_bytes_[row]) {
    note_cut(row);
    return nullptr;
  }
  // The allowance is a multiple of 8, so rounding up stays within it.
  const std::size_t rounded = rounded_up(size_bytes);
  row_bytes_[row] += static_cast<std::uint32_t>(rounded);
  unsigned char* const begin = bump(rounded);
  if (!call_cuts_.empty() && row_bytes_[row] == FG_ROW_BYTES && call_cuts_.back().row == row)
    call_cuts_.back().shortened = begin;
  return begin;
}

void* fg_arena::allocate_for_host(std::size_t size_bytes) { return bump(rounded_up(size_bytes)); }

void fg_arena::next_chunk() {
  static_assert(kChunkBytes >= FG_ROW_BYTES, "whatever a row may ask for fits into a chunk");
  if (chunk_ < chunks_.size()) ++chunk_;
  used_bytes_ = 0;
  if (chunk_ == chunks_.size())
    chunks_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(kChunkBytes / kWordBytes));
}

void fg_arena::note_cut(std::uint32_t row) {
  ++cuts_;
  if (row < row_bytes_.size() && call_cuts_.size() < kMostCuts) call_cuts_.push_back({row, nullptr});
}
