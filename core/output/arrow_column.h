// One column of a record batch as it grows: the buffers of an Arrow array (columnar format 1.x) - validity, values or
// offsets, data. Cells come from an output batch, or from another column of the same type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/output/arrow_abi.h"
#include "core/output/buffer_pool.h"
#include "core/sdk/flowgauge/plugin.h"
#include "core/table/schema_evaluator.h"

namespace flowgauge {

// As what FG_U64 is shown. Many readers know no unsigned type; what does not fit into the signed one is null and
// counted.
enum class UnsignedAs : std::uint8_t { kInt64, kUint64 };

// The Arrow format string of a column's type: "l", "L", "g", "b", "u", "+l".
[[nodiscard]] const char* arrow_format(fg_type type, UnsignedAs unsigned_as);

// Bytes that grow, of a pool.
class PooledBytes {
 public:
  explicit PooledBytes(std::shared_ptr<BufferPool> pool) : pool_(std::move(pool)) {}
  PooledBytes(PooledBytes&& other) noexcept = default;
  PooledBytes& operator=(PooledBytes&&) = delete;
  ~PooledBytes() { pool_ ? pool_->give_back(std::move(buffer_)) : void(); }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::byte* data() { return buffer_.memory.get(); }
  [[nodiscard]] const std::byte* data() const { return buffer_.memory.get(); }
  // Where so many further bytes stand, of any content.
  std::byte* grow(std::size_t bytes);
  void shrink(std::size_t to) { size_ = to; }
  // Its memory; empty afterwards.
  [[nodiscard]] BufferPool::Buffer take();

 private:
  std::shared_ptr<BufferPool> pool_;
  BufferPool::Buffer buffer_;
  std::size_t size_ = 0;
  std::size_t usual_ = 0;  // what it came to before it was taken: so much is asked for at once
};

class ArrowColumn {
 public:
  ArrowColumn(fg_type type, UnsignedAs unsigned_as, const std::shared_ptr<BufferPool>& pool);

  void append(const OutputVector& cells, std::uint32_t rows);
  void append(const ArrowColumn& from, std::size_t first, std::size_t rows);
  void cut(std::size_t rows);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] bool is_null(std::size_t row) const;
  // Numbers that the shown type cannot hold, so far.
  [[nodiscard]] std::uint64_t out_of_range() const {
    return out_of_range_ + (items_ == nullptr ? 0 : items_->out_of_range());
  }

  // Gives the cells away as an array, and is empty then. `array` is to be released.
  void move_to(ArrowArray& array);

 private:
  [[nodiscard]] bool is_varied() const { return type_ == FG_STRING || is_list(type_); }
  void append_bools(const OutputVector& cells, std::uint32_t rows);
  void append_texts(const OutputVector& cells, std::uint32_t rows);
  void append_lists(const OutputVector& cells, std::uint32_t rows);
  void append_large_numbers(const OutputVector& cells, std::uint32_t rows);
  std::int32_t* grow_ends(std::size_t rows);
  void note(bool is_null);
  void note_valid(std::size_t rows);
  void note_null();
  [[nodiscard]] const std::int32_t* offsets() const { return reinterpret_cast<const std::int32_t*>(values_.data()); }

  fg_type type_;
  UnsignedAs unsigned_as_;
  std::shared_ptr<BufferPool> pool_;
  PooledBytes validity_;                // bits, the first in the lowest; empty: no cell is null
  PooledBytes values_;                  // or bits of booleans, or offsets, one more than there are rows
  PooledBytes text_;                    // of strings
  std::unique_ptr<ArrowColumn> items_;  // of lists
  std::size_t rows_ = 0;
  std::size_t nulls_ = 0;
  std::uint64_t out_of_range_ = 0;
};

}  // namespace flowgauge
