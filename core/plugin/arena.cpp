#include "core/plugin/arena.h"

#include <algorithm>

namespace {
constexpr std::size_t kChunkBytes = std::size_t{256} * 1024;
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
static_assert(kChunkBytes >= FG_ROW_BYTES, "whatever a row may ask for fits into a chunk");
}  // namespace

void fg_arena::reset() {
  chunk_ = 0;
  used_bytes_ = 0;
  row_bytes_.clear();
}

void fg_arena::begin_call(std::uint32_t row_count) { row_bytes_.assign(row_count, 0); }

void* fg_arena::allocate(std::uint32_t row, std::size_t size_bytes) {
  // Compared before it is rounded up: a plugin may ask for SIZE_MAX.
  if (row >= row_bytes_.size() || size_bytes > FG_ROW_BYTES - row_bytes_[row]) {
    ++cuts_;
    return nullptr;
  }
  // The allowance is a multiple of 8, so rounding up stays within it.
  const std::size_t rounded = (size_bytes + kWordBytes - 1) / kWordBytes * kWordBytes;
  row_bytes_[row] += static_cast<std::uint32_t>(rounded);
  if (chunk_ < chunks_.size() && used_bytes_ + rounded > kChunkBytes) {
    ++chunk_;
    used_bytes_ = 0;
  }
  if (chunk_ == chunks_.size()) {
    chunks_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(kChunkBytes / kWordBytes));
  }
  auto* begin = reinterpret_cast<unsigned char*>(chunks_[chunk_].get()) + used_bytes_;
  used_bytes_ += rounded;
  return begin;
}
