#include "core/output/buffer_pool.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace flowgauge {
namespace {

constexpr std::size_t kLinkBytes = sizeof(std::byte*);  // the address of the next free buffer

}  // namespace

BufferPool::Buffer BufferPool::take(std::size_t bytes) {
  const std::size_t capacity = std::bit_ceil(std::max(bytes, kAlign));
  const auto which = static_cast<std::size_t>(std::countr_zero(capacity));
  std::unique_ptr<std::byte[], FreeAligned> memory(take_free(which));
  if (!memory) memory.reset(new (std::align_val_t{kAlign}) std::byte[capacity]);
  const std::scoped_lock lock(mutex_);
  ++outstanding_;
  return {std::move(memory), capacity};
}

std::byte* BufferPool::take_free(std::size_t which) {
  const std::scoped_lock lock(mutex_);
  std::byte* const first = free_[which];
  if (first != nullptr) std::memcpy(static_cast<void*>(&free_[which]), static_cast<const void*>(first), kLinkBytes);
  return first;
}

void BufferPool::give_back(Buffer buffer) noexcept {
  if (buffer.capacity == 0) return;
  std::byte*& first = free_[static_cast<std::size_t>(std::countr_zero(buffer.capacity))];
  const std::scoped_lock lock(mutex_);
  --outstanding_;
  std::memcpy(static_cast<void*>(buffer.memory.get()), static_cast<const void*>(&first), kLinkBytes);
  first = buffer.memory.release();
}

BufferPool::~BufferPool() {
  for (std::size_t which = 0; which < free_.size(); ++which)
    while (std::byte* const memory = take_free(which)) FreeAligned()(memory);
}

std::size_t BufferPool::outstanding() const {
  const std::scoped_lock lock(mutex_);
  return outstanding_;
}

}  // namespace flowgauge
