#include "core/output/owned_array.h"

#include <cstdint>
#include <utility>

namespace flowgauge {
namespace {

struct Owned {
  ArrayParts parts;
  std::vector<const void*> buffers;
  std::vector<ArrowArray*> children;
};

void release_owned(ArrowArray* array) {
  const std::unique_ptr<Owned> owned(static_cast<Owned*>(array->private_data));
  if (owned->parts.pool)
    for (BufferPool::Buffer& buffer : owned->parts.buffers) owned->parts.pool->give_back(std::move(buffer));
  array->release = nullptr;
}

}  // namespace

void give_away(ArrayParts parts, std::size_t rows, std::size_t nulls, ArrowArray& array) {
  auto owned = std::make_unique<Owned>();
  owned->parts = std::move(parts);
  for (const BufferPool::Buffer& buffer : owned->parts.buffers) owned->buffers.push_back(buffer.memory.get());
  for (ArrowArray& child : owned->parts.children) owned->children.push_back(&child);
  array = {.length = static_cast<std::int64_t>(rows),
           .null_count = static_cast<std::int64_t>(nulls),
           .offset = 0,
           .n_buffers = static_cast<std::int64_t>(owned->buffers.size()),
           .n_children = static_cast<std::int64_t>(owned->children.size()),
           .buffers = owned->buffers.data(),
           .children = owned->children.empty() ? nullptr : owned->children.data(),
           .dictionary = nullptr,
           .release = release_owned,
           .private_data = nullptr};
  array.private_data = owned.release();
}

}  // namespace flowgauge
