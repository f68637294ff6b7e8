#include "core/output/arrow_column.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "core/output/owned_array.h"
#include "core/text/table_text.h"

namespace flowgauge {
namespace {

constexpr std::size_t bytes_of_bits(std::size_t bits) { return (bits + 7) / 8; }

bool bit(const std::byte* bits, std::size_t at) {
  return (std::to_integer<unsigned>(bits[at / 8]) >> at % 8 & 1U) != 0;
}

void set_bit(std::byte* bits, std::size_t at, bool value) {
  const std::byte mask{static_cast<unsigned char>(1U << at % 8)};
  bits[at / 8] = value ? bits[at / 8] | mask : bits[at / 8] & ~mask;
}

void set_bits(std::byte* bits, std::size_t first, std::size_t end) {
  for (; first < end && first % 8 != 0; ++first) set_bit(bits, first, true);
  const std::size_t whole_bytes = (end - first) / 8;
  if (whole_bytes != 0) std::memset(bits + first / 8, 0xff, whole_bytes);
  for (first += 8 * whole_bytes; first < end; ++first) set_bit(bits, first, true);
}

// So many further bits; those of the bytes begun are 0.
void grow_bits(PooledBytes& bytes, std::size_t bits) {
  const std::size_t before = bytes.size();
  const std::size_t more = bytes_of_bits(bits) > before ? bytes_of_bits(bits) - before : 0;
  if (more != 0) std::memset(bytes.grow(more), 0, more);
}

bool fit_into_signed(const OutputVector& cells, std::uint32_t rows) {
  const auto* const values = static_cast<const std::uint64_t*>(cells.cells);
  std::uint64_t any = 0;
  for (std::uint32_t row = 0; row < rows; ++row) any |= values[row];
  return any >> 63 == 0;
}

bool has_nulls(const OutputVector& cells, std::uint32_t rows) {
  if (cells.validity == nullptr) return false;
  for (std::uint32_t row = 0; row < rows; row += 64) {
    const std::uint64_t wanted = rows - row < 64 ? (std::uint64_t{1} << (rows - row)) - 1 : ~std::uint64_t{0};
    if ((cells.validity[row / 64] & wanted) != wanted) return true;
  }
  return false;
}

}  // namespace

const char* arrow_format(fg_type type, UnsignedAs unsigned_as) {
  switch (type) {
    case FG_U64:
      return unsigned_as == UnsignedAs::kInt64 ? "l" : "L";
    case FG_I64:
      return "l";
    case FG_F64:
      return "g";
    case FG_BOOL:
      return "b";
    case FG_STRING:
      return "u";
    default:
      return "+l";
  }
}

std::byte* PooledBytes::grow(std::size_t bytes) {
  const std::size_t before = size_;
  size_ += bytes;
  if (size_ > buffer_.capacity) {
    BufferPool::Buffer larger = pool_->take(std::max(size_, usual_));
    if (before != 0) std::memcpy(larger.memory.get(), buffer_.memory.get(), before);
    pool_->give_back(std::exchange(buffer_, std::move(larger)));
  }
  return buffer_.memory.get() + before;
}

BufferPool::Buffer PooledBytes::take() {
  usual_ = std::exchange(size_, 0);
  return std::exchange(buffer_, {});
}

ArrowColumn::ArrowColumn(fg_type type, UnsignedAs unsigned_as, const std::shared_ptr<BufferPool>& pool)
    : type_(type), unsigned_as_(unsigned_as), pool_(pool), validity_(pool), values_(pool), text_(pool) {
  if (is_list(type_)) items_ = std::make_unique<ArrowColumn>(item_type(type_), unsigned_as, pool);
}

bool ArrowColumn::is_null(std::size_t row) const { return validity_.size() != 0 && !bit(validity_.data(), row); }

// The rows behind rows_.
void ArrowColumn::note_valid(std::size_t rows) {
  if (validity_.size() == 0) return;
  grow_bits(validity_, rows_ + rows);
  set_bits(validity_.data(), rows_, rows_ + rows);
}

// The row behind rows_. The first null makes the bitmap.
void ArrowColumn::note_null() {
  if (validity_.size() == 0) {
    grow_bits(validity_, rows_ + 1);
    set_bits(validity_.data(), 0, rows_);
  } else {
    grow_bits(validity_, rows_ + 1);
    set_bit(validity_.data(), rows_, false);
  }
  ++nulls_;
}

// Ends of so many further cells of varied size, to be filled in; what the cell before ended at is in front of them.
std::int32_t* ArrowColumn::grow_ends(std::size_t rows) {
  constexpr std::size_t kEnd = sizeof(std::int32_t);
  if (values_.size() == 0) std::memset(values_.grow(kEnd), 0, kEnd);
  return reinterpret_cast<std::int32_t*>(values_.grow(rows * kEnd));
}

void ArrowColumn::append(const OutputVector& cells, std::uint32_t rows) {
  if (rows == 0) return;  // a list of no number: there may be no memory at all
  const bool nulls = has_nulls(cells, rows);
  switch (type_) {
    case FG_BOOL:
      append_bools(cells, rows);
      break;
    case FG_STRING:
      append_texts(cells, rows);
      break;
    case FG_LIST_U64:
    case FG_LIST_I64:
    case FG_LIST_F64:
    case FG_LIST_STRING:
      append_lists(cells, rows);
      break;
    default:
      if (type_ == FG_U64 && unsigned_as_ == UnsignedAs::kInt64 && !fit_into_signed(cells, rows))
        return append_large_numbers(cells, rows);
      std::memcpy(values_.grow(rows * sizeof(std::uint64_t)), cells.cells, rows * sizeof(std::uint64_t));
  }
  if (!nulls) {
    note_valid(rows);
    rows_ += rows;
    return;
  }
  const bool is_word = !is_varied() && type_ != FG_BOOL;
  for (std::uint32_t row = 0; row < rows; ++row) {
    // What stands where nothing is: 0, so that equal rows are equal bytes.
    if (is_word && cells.is_null(row))
      std::memset(values_.data() + rows_ * sizeof(std::uint64_t), 0, sizeof(std::uint64_t));
    note(cells.is_null(row));
  }
}

void ArrowColumn::append_bools(const OutputVector& cells, std::uint32_t rows) {
  const auto* const values = static_cast<const std::uint8_t*>(cells.cells);
  grow_bits(values_, rows_ + rows);
  for (std::uint32_t row = 0; row < rows; ++row)
    set_bit(values_.data(), rows_ + row, values[row] != 0 && !cells.is_null(row));
}

void ArrowColumn::append_texts(const OutputVector& cells, std::uint32_t rows) {
  const auto* const texts = static_cast<const fg_string*>(cells.cells);
  std::string memory;
  std::int32_t* end = grow_ends(rows);
  for (std::uint32_t row = 0; row < rows; ++row, ++end) {
    std::string_view text;
    if (!cells.is_null(row)) text = {texts[row].data, texts[row].size_bytes};
    if (!is_table_text(text)) text = memory = table_text_of(text);
    if (!text.empty()) std::memcpy(text_.grow(text.size()), text.data(), text.size());
    *end = end[-1] + static_cast<std::int32_t>(text.size());
  }
}

void ArrowColumn::append_lists(const OutputVector& cells, std::uint32_t rows) {
  const auto* const lists = static_cast<const fg_list_u64*>(cells.cells);
  std::int32_t* end = grow_ends(rows);
  for (std::uint32_t row = 0; row < rows; ++row, ++end) {
    const auto items = static_cast<std::uint32_t>(cells.is_null(row) ? 0 : lists[row].size);
    items_->append({item_type(type_), lists[row].data, nullptr}, items);
    *end = end[-1] + static_cast<std::int32_t>(items);
  }
}

// Numbers of which some do not fit into the signed type: those become null.
void ArrowColumn::append_large_numbers(const OutputVector& cells, std::uint32_t rows) {
  const auto* const values = static_cast<const std::uint64_t*>(cells.cells);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const bool fits = values[row] <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    const bool is_null = cells.is_null(row);
    if (!is_null && !fits) ++out_of_range_;
    const std::uint64_t value = is_null || !fits ? 0 : values[row];
    std::memcpy(values_.grow(sizeof value), &value, sizeof value);
    note(is_null || !fits);
  }
}

void ArrowColumn::append(const ArrowColumn& from, std::size_t first, std::size_t rows) {
  if (rows == 0) return;
  if (type_ == FG_BOOL) {
    grow_bits(values_, rows_ + rows);
    for (std::size_t row = 0; row < rows; ++row)
      set_bit(values_.data(), rows_ + row, bit(from.values_.data(), first + row));
  } else if (is_varied()) {
    const std::int32_t* const begin = from.offsets() + first;
    const auto items = static_cast<std::size_t>(begin[rows] - begin[0]);
    std::int32_t* end = grow_ends(rows);
    const std::int32_t moved = end[-1] - begin[0];
    for (std::size_t row = 0; row < rows; ++row) end[row] = begin[row + 1] + moved;
    if (is_list(type_))
      items_->append(*from.items_, static_cast<std::size_t>(begin[0]), items);
    else if (items != 0)
      std::memcpy(text_.grow(items), from.text_.data() + begin[0], items);
  } else {
    const std::size_t bytes = rows * sizeof(std::uint64_t);
    std::memcpy(values_.grow(bytes), from.values_.data() + first * sizeof(std::uint64_t), bytes);
  }
  if (from.validity_.size() == 0) {
    note_valid(rows);
    rows_ += rows;
    return;
  }
  for (std::size_t row = first; row < first + rows; ++row) note(from.is_null(row));
}

// The row behind rows_, whose cell is there.
void ArrowColumn::note(bool is_null) {
  if (is_null)
    note_null();
  else
    note_valid(1);
  ++rows_;
}

void ArrowColumn::cut(std::size_t rows) {
  for (std::size_t row = rows; row < rows_ && nulls_ != 0; ++row) nulls_ -= is_null(row) ? 1 : 0;
  rows_ = rows;
  if (validity_.size() != 0) validity_.shrink(nulls_ == 0 ? 0 : bytes_of_bits(rows));
  if (is_varied()) {
    if (values_.size() == 0) return;
    const auto end = static_cast<std::size_t>(offsets()[rows]);
    if (type_ == FG_STRING)
      text_.shrink(end);
    else
      items_->cut(end);
    values_.shrink((rows + 1) * sizeof(std::int32_t));
  } else {
    values_.shrink(type_ == FG_BOOL ? bytes_of_bits(rows) : rows * sizeof(std::uint64_t));
  }
}

void ArrowColumn::move_to(ArrowArray& array) {
  if (is_varied() && values_.size() == 0) std::memset(values_.grow(sizeof(std::int32_t)), 0, sizeof(std::int32_t));
  ArrayParts parts{.pool = pool_, .buffers = {}};
  parts.buffers.push_back(nulls_ == 0 ? BufferPool::Buffer{} : validity_.take());
  validity_.shrink(0);
  parts.buffers.push_back(values_.take());
  if (type_ == FG_STRING) parts.buffers.push_back(text_.take());
  if (is_list(type_)) items_->move_to(parts.children.emplace_back());
  give_away(std::move(parts), rows_, nulls_, array);
  rows_ = nulls_ = 0;
}

}  // namespace flowgauge
