// Arrow arrays that own what they show.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/output/arrow_abi.h"
#include "core/output/buffer_pool.h"

namespace flowgauge {

// Is released at its end, unless somebody has taken it.
struct UniqueArray : ArrowArray {
  UniqueArray() noexcept : ArrowArray{} {}
  UniqueArray(UniqueArray&& other) noexcept : ArrowArray(other) { other.release = nullptr; }
  UniqueArray& operator=(UniqueArray&&) = delete;
  ~UniqueArray() {
    if (release != nullptr) release(this);
  }
};

struct ArrayParts {
  std::shared_ptr<BufferPool> pool;         // that the buffers are of; null if they are all empty
  std::vector<BufferPool::Buffer> buffers;  // in the order of the format; an empty one is shown as NULL
  std::vector<UniqueArray> children = {};
};

// Makes an array of them. Its release gives the buffers back and releases the children, but for those that a reader has
// taken out (he marks them as released).
void give_away(ArrayParts parts, std::size_t rows, std::size_t nulls, ArrowArray& array);

}  // namespace flowgauge
