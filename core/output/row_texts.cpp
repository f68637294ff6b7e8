#include "core/output/row_texts.h"

#include <algorithm>
#include <utility>

namespace flowgauge {

void RowTexts::make_room(std::size_t bytes) {
  std::size_t longest = 0;
  for (std::uint32_t i = 0; i < kRows; ++i) longest = std::max(longest, row(i).size());
  room_bytes_ = row_bytes_ - longest;
  if (room_bytes_ >= bytes) return;

  // An odd number of cache lines, so that the ends of rows of one length lie in different sets of the cache.
  constexpr std::size_t kLine = 64;
  constexpr std::size_t kFewBytes = 8192;
  const std::size_t row_bytes = (std::max(kFewBytes, 2 * (longest + bytes)) / kLine | 1) * kLine;
  auto texts = std::make_unique_for_overwrite<char[]>(kRows * row_bytes);
  for (std::uint32_t i = 0; i < kRows; ++i) {
    const std::string_view text = row(i);
    char* const moved = texts.get() + i * row_bytes;
    ends_[i] = std::copy(text.begin(), text.end(), moved);
  }
  texts_ = std::move(texts);
  row_bytes_ = row_bytes;
  room_bytes_ = row_bytes - longest;
}

}  // namespace flowgauge
