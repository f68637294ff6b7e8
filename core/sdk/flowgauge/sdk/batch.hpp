// The rows that a sink gets: an Arrow record batch, owned, and its cells as they are read one by one (ABI 1.1).
// Whoever wants the whole batch for another library takes it with take().
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "../plugin.h"

#if FG_TARGET_MINOR >= 1
namespace fg {

// What the metadata of a schema, or of one of its children, says by this key; empty: nothing. Refers to the schema.
// Pairs of texts, each with its length before it, as the Arrow C data interface has them.
[[nodiscard]] inline std::string_view note_of(const ArrowSchema& schema, std::string_view key) {
  const char* at = schema.metadata;
  if (at == nullptr) return {};
  const auto number = [&at] {
    std::int32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return static_cast<std::size_t>(value);
  };
  const auto text = [&] {
    const std::size_t size = number();
    at += size;
    return std::string_view(at - size, size);
  };
  for (std::size_t left = number(); left > 0; --left) {
    const std::string_view name = text();
    const std::string_view value = text();
    if (name == key) return value;
  }
  return {};
}

// A column of a batch. Refers to the batch.
class BatchColumn {
 public:
  BatchColumn(const ArrowSchema& schema, const ArrowArray& array) : schema_(&schema), array_(&array) {}

  [[nodiscard]] std::string_view name() const { return schema_->name; }
  // FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING; a list has FG_LIST_I64, whatever its items are: see items().
  [[nodiscard]] fg_type type() const {
    switch (schema_->format[0]) {
      case 'L':
        return FG_U64;
      case 'l':
        return FG_I64;
      case 'g':
        return FG_F64;
      case 'b':
        return FG_BOOL;
      case 'u':
        return FG_STRING;
      default:
        return FG_LIST_I64;
    }
  }

  [[nodiscard]] bool is_null(std::int64_t row) const {
    const auto* const validity = static_cast<const std::uint8_t*>(array_->buffers[0]);
    return validity != nullptr && !bit(validity, row + array_->offset);
  }

  // Each of its own type; of a cell that is not null.
  [[nodiscard]] std::int64_t i64(std::int64_t row) const { return number<std::int64_t>(row); }
  [[nodiscard]] std::uint64_t u64(std::int64_t row) const { return number<std::uint64_t>(row); }
  [[nodiscard]] double f64(std::int64_t row) const { return number<double>(row); }
  [[nodiscard]] bool boolean(std::int64_t row) const {
    return bit(static_cast<const std::uint8_t*>(array_->buffers[1]), row + array_->offset);
  }
  // Valid as long as the batch.
  [[nodiscard]] std::string_view text(std::int64_t row) const {
    const auto [begin, end] = range(row);
    return {static_cast<const char*>(array_->buffers[2]) + begin, static_cast<std::size_t>(end - begin)};
  }
  // Of a list: the items of all rows, and which of them, from `first` to before `second`, are the row's.
  [[nodiscard]] BatchColumn items() const { return {*schema_->children[0], *array_->children[0]}; }
  [[nodiscard]] std::pair<std::int32_t, std::int32_t> range(std::int64_t row) const {
    const auto* const ends = static_cast<const std::int32_t*>(array_->buffers[1]) + array_->offset + row;
    return {ends[0], ends[1]};
  }

 private:
  static bool bit(const std::uint8_t* bits, std::int64_t at) { return (bits[at / 8] >> (at % 8) & 1) != 0; }
  template <class T>
  [[nodiscard]] T number(std::int64_t row) const {
    return static_cast<const T*>(array_->buffers[1])[row + array_->offset];
  }

  const ArrowSchema* schema_;
  const ArrowArray* array_;
};

class Batch {
 public:
  // Takes it.
  Batch(const ArrowSchema& schema, ArrowArray& array) : schema_(&schema), array_(array) { array.release = nullptr; }
  Batch(Batch&& other) noexcept : schema_(other.schema_), array_(other.take()) {}
  Batch& operator=(Batch&&) = delete;
  ~Batch() {
    if (array_.release != nullptr) array_.release(&array_);
  }

  [[nodiscard]] std::int64_t rows() const { return array_.length; }
  [[nodiscard]] std::int64_t columns() const { return array_.n_children; }
  [[nodiscard]] BatchColumn column(std::int64_t index) const {
    return {*schema_->children[index], *array_.children[index]};
  }
  // The array itself, which the caller releases.
  [[nodiscard]] ArrowArray take() {
    ArrowArray taken = array_;
    array_.release = nullptr;
    return taken;
  }

 private:
  const ArrowSchema* schema_;
  ArrowArray array_;
};

}  // namespace fg
#endif
