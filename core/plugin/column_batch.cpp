#include "core/plugin/column_batch.h"

#include <cassert>
#include <cstring>
#include <set>

namespace flowgauge {
namespace {

constexpr std::size_t kAlign = 64;

std::size_t bitmap_bytes(std::uint32_t rows) { return std::size_t{(rows + 63) / 64} * 8; }
std::size_t aligned(std::size_t size_bytes) { return (size_bytes + kAlign - 1) / kAlign * kAlign; }

}  // namespace

ColumnBatch::ColumnBatch(std::span<const CatalogColumn* const> wanted, std::uint32_t capacity) : capacity_(capacity) {
  const std::set<const CatalogColumn*> unique(wanted.begin(), wanted.end());
  total_bytes_ = kAlign;
  for (const CatalogColumn* column : unique) {
    total_bytes_ += aligned(cell_bytes(column->column().type) * capacity);
    if ((column->column().flags & FG_NULLABLE) != 0) total_bytes_ += aligned(bitmap_bytes(capacity));
  }
  memory_.reset(new (std::align_val_t{kAlign}) unsigned char[total_bytes_]);
  std::memset(memory_.get(), 0, total_bytes_);

  unsigned char* next = memory_.get();
  const auto take = [&](std::size_t bytes_per_row, std::size_t size_bytes) {
    blocks_.push_back({next, bytes_per_row});
    return std::exchange(next, next + aligned(size_bytes));
  };
  for (const CatalogColumn* column : unique) {
    auto& vectors = vectors_[column->feature];
    vectors.resize(column->feature->columns.size());
    fg_vector& vector = vectors[column->index];
    const std::size_t size = cell_bytes(column->column().type);
    vector.cells = take(size, size * capacity);
    if ((column->column().flags & FG_NULLABLE) != 0) {
      vector.validity = reinterpret_cast<std::uint64_t*>(take(0, bitmap_bytes(capacity)));
    }
  }
}

void ColumnBatch::begin(std::uint32_t rows) {
  assert(rows <= capacity_);
  rows_ = rows;
  if (rows == capacity_) {  // the blocks are one piece of memory
    std::memset(memory_.get(), 0, total_bytes_);
    return;
  }
  for (const Block& block : blocks_) {
    std::memset(block.data, 0, block.bytes_per_row == 0 ? bitmap_bytes(rows) : block.bytes_per_row * rows);
  }
}

std::span<const fg_vector> ColumnBatch::vectors(const Feature& feature) const {
  const auto found = vectors_.find(&feature);
  return found == vectors_.end() ? std::span<const fg_vector>{} : found->second;
}

fg_vector ColumnBatch::vector(const CatalogColumn& column) const {
  const auto all = vectors(*column.feature);
  return all.empty() ? fg_vector{} : all[column.index];
}

}  // namespace flowgauge
