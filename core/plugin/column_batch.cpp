#include "core/plugin/column_batch.h"

#include <cassert>
#include <cstring>
#include <set>

namespace flowgauge {
namespace {

constexpr std::size_t kAlign = 64;
constexpr std::size_t kGuardBytesBehind = kAlign;

std::size_t bitmap_bytes(std::uint32_t rows) { return std::size_t{(rows + 63) / 64} * 8; }
std::size_t aligned(std::size_t size_bytes) { return (size_bytes + kAlign - 1) / kAlign * kAlign; }

}  // namespace

ColumnBatch::ColumnBatch(std::span<const CatalogColumn* const> wanted, std::uint32_t capacity) : capacity_(capacity) {
  const std::set<const CatalogColumn*> unique(wanted.begin(), wanted.end());
  total_bytes_ = kAlign;
  for (const CatalogColumn* column : unique) {
    total_bytes_ += aligned(cell_bytes(column->column().type) * capacity) + kGuardBytesBehind;
    if ((column->column().flags & FG_NULLABLE) != 0)
      total_bytes_ += aligned(bitmap_bytes(capacity)) + kGuardBytesBehind;
  }
  memory_.reset(new (std::align_val_t{kAlign}) unsigned char[total_bytes_]);
  std::memset(memory_.get(), 0, total_bytes_);

  unsigned char* next = memory_.get();
  const auto take = [&](const CatalogColumn* column, std::size_t bytes_per_row, std::size_t size_bytes) {
    blocks_.push_back({next, bytes_per_row});
    guards_.push_back({next + size_bytes, column});
    return std::exchange(next, next + aligned(size_bytes) + kGuardBytesBehind);
  };
  for (const CatalogColumn* column : unique) {
    auto& vectors = vectors_[column->feature];
    vectors.resize(column->feature->columns.size());
    fg_vector& vector = vectors[column->index];
    const std::size_t size = cell_bytes(column->column().type);
    vector.cells = take(column, size, size * capacity);
    if ((column->column().flags & FG_NULLABLE) != 0) {
      vector.validity = reinterpret_cast<std::uint64_t*>(take(column, 0, bitmap_bytes(capacity)));
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

Result<void> ColumnBatch::check_every_guard() const {
  for (const Guard& guard : guards_) {
    std::uint64_t word = 0;  // who writes on begins here
    std::memcpy(&word, guard.data, sizeof word);
    if (word == 0) [[likely]]
      continue;
    const Feature& feature = *guard.column->feature;
    return fail(ExitCode::kPlugin,
                "{}: feature '{}' writes behind the {} cells of its column '{}'; leave it out of the profile, or tell "
                "its author",
                origin_of(feature), feature.name, capacity_, guard.column->column().name);
  }
  return {};
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
