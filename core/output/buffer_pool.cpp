#include "core/output/buffer_pool.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace flowgauge {

BufferPool::Buffer BufferPool::take(std::size_t bytes) {
  const std::size_t capacity = std::bit_ceil(std::max(bytes, kAlign));
  const auto which = static_cast<std::size_t>(std::countr_zero(capacity));
  {
    const std::scoped_lock lock(mutex_);
    ++outstanding_;
    if (!free_[which].empty()) {
      Buffer buffer = std::move(free_[which].back());
      free_[which].pop_back();
      return buffer;
    }
  }
  return {std::unique_ptr<std::byte[], FreeAligned>(new (std::align_val_t{kAlign}) std::byte[capacity]), capacity};
}

void BufferPool::give_back(Buffer buffer) {
  if (buffer.capacity == 0) return;
  const std::scoped_lock lock(mutex_);
  --outstanding_;
  free_[static_cast<std::size_t>(std::countr_zero(buffer.capacity))].push_back(std::move(buffer));
}

std::size_t BufferPool::outstanding() const {
  const std::scoped_lock lock(mutex_);
  return outstanding_;
}

}  // namespace flowgauge
