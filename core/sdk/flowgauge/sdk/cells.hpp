// Columns by name at compile time, and one checked way to write a cell, for emit and derive alike.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <string_view>
#include <type_traits>

#include "about.hpp"
#include "name.hpp"

namespace fg {

// A cell of type FG_TIME. The host makes it absolute: a feature without FG_NEEDS_TIME never sees the clock.
struct Moment {
  std::int64_t ns_since_start;  // in the time of fg::Packet::time_ns
};
inline constexpr Moment kNever{FG_NEVER};  // no such moment: the host writes 0

// Text that lives as long as the module; all other text is copied for the row.
consteval fg_string literal(const char* text) { return {text, std::string_view(text).size()}; }

namespace detail {

// Index of the entry called `name`; the array's size if there is none.
template <class Entry, std::size_t N>
constexpr std::size_t index_of(const Entry (&entries)[N], std::string_view name) {
  std::size_t index = 0;
  while (index < N && name != entries[index].name) ++index;
  return index;
}

template <class Entry, std::size_t N>
constexpr bool names_are_unique(const Entry (&entries)[N]) {
  for (std::size_t i = 0; i < N; ++i) {
    if (index_of(entries, entries[i].name) != i) return false;
  }
  return true;
}

template <class Entry, std::size_t N>
constexpr fg_array array_of(const Entry (&entries)[N]) {
  return {.items = entries, .count = static_cast<std::uint32_t>(N), .stride = sizeof(Entry)};
}

template <fg_type>
struct CellOf;
template <>
struct CellOf<FG_U64> : std::type_identity<std::uint64_t> {};
template <>
struct CellOf<FG_I64> : std::type_identity<std::int64_t> {};
template <>
struct CellOf<FG_F64> : std::type_identity<double> {};
template <>
struct CellOf<FG_BOOL> : std::type_identity<std::uint8_t> {};
template <>
struct CellOf<FG_STRING> : std::type_identity<fg_string> {};
template <>
struct CellOf<FG_SERIES> : std::type_identity<fg_series> {};
template <>
struct CellOf<FG_LIST_U64> : std::type_identity<fg_list_u64> {};
template <>
struct CellOf<FG_TIME> : std::type_identity<std::int64_t> {};
#if FG_TARGET_MINOR >= 1
template <>
struct CellOf<FG_LIST_I64> : std::type_identity<fg_list_i64> {};
template <>
struct CellOf<FG_LIST_F64> : std::type_identity<fg_list_f64> {};
template <>
struct CellOf<FG_LIST_STRING> : std::type_identity<fg_list_string> {};
#endif
template <fg_type Type>
using Cell = typename CellOf<Type>::type;

template <class Value>
inline constexpr bool kIsInteger = std::is_integral_v<Value> && !std::is_same_v<Value, bool>;

// May a Value be put into a column of this type? Says why not.
template <fg_type Type, class Value>
consteval void check_value() {
  if constexpr (Type == FG_U64) {
    static_assert(kIsInteger<Value>, "an FG_U64 column takes an integer");
    static_assert(
        !kIsInteger<Value> || std::is_unsigned_v<Value>,
        "a signed value for an FG_U64 column: cast it where you know that it is not negative, or declare FG_I64");
  } else if constexpr (Type == FG_I64) {
    static_assert(kIsInteger<Value>, "an FG_I64 column takes an integer");
    static_assert(
        !kIsInteger<Value> || std::is_signed_v<Value> || sizeof(Value) < 8,
        "a 64-bit unsigned value may not fit an FG_I64 column: cast it where you know that it does, or declare FG_U64");
  } else if constexpr (Type == FG_F64) {
    static_assert(std::is_arithmetic_v<Value>, "an FG_F64 column takes a number");
  } else if constexpr (Type == FG_BOOL) {
    static_assert(std::is_same_v<Value, bool>, "an FG_BOOL column takes a bool: write a comparison");
  } else if constexpr (Type == FG_STRING) {
    static_assert(
        std::is_same_v<Value, fg_string> || std::is_convertible_v<Value, std::string_view>,
        "an FG_STRING column takes text: std::string_view (copied), fg::literal(\"...\") or an fg_string of the host");
  } else if constexpr (Type == FG_LIST_U64) {
    static_assert(
        std::is_same_v<Value, fg_list_u64> || std::is_convertible_v<Value, std::span<const std::uint64_t>>,
        "an FG_LIST_U64 column takes a contiguous range of std::uint64_t: std::span, std::vector, std::array");
#if FG_TARGET_MINOR >= 1
  } else if constexpr (Type == FG_LIST_I64) {
    static_assert(std::is_same_v<Value, fg_list_i64> || std::is_convertible_v<Value, std::span<const std::int64_t>>,
                  "an FG_LIST_I64 column takes a contiguous range of std::int64_t: std::span, std::vector, std::array");
  } else if constexpr (Type == FG_LIST_F64) {
    static_assert(std::is_same_v<Value, fg_list_f64> || std::is_convertible_v<Value, std::span<const double>>,
                  "an FG_LIST_F64 column takes a contiguous range of double: std::span, std::vector, std::array");
  } else if constexpr (Type == FG_LIST_STRING) {
    static_assert(
        std::is_same_v<Value, fg_list_string> || std::is_convertible_v<Value, std::span<const std::string_view>>,
        "an FG_LIST_STRING column takes a contiguous range of std::string_view: std::span, std::vector, std::array");
#endif
  } else if constexpr (Type == FG_SERIES) {
    static_assert(std::is_same_v<Value, fg_series>, "an FG_SERIES column takes an fg_series: fg::Series::cell(count)");
  } else if constexpr (Type == FG_TIME) {
    static_assert(std::is_same_v<Value, Moment>,
                  "an FG_TIME column takes fg::Moment{nanoseconds since the flow's start} or fg::kNever");
  }
}

// Where the cells of one row are written. Strings and lists are copied into the call's arena, which
// gives FG_ROW_BYTES a row; what goes beyond is cut, and the host counts it.
class CellWriter {
 public:
  CellWriter(const fg_host& host, fg_arena* arena, std::uint32_t row) : host_(&host), arena_(arena), row_(row) {}

  // UTF-8 is cut between characters.
  fg_string text(std::string_view text) {
    std::size_t size = text.size();
    char* memory = allocate<char>(size);
    if (memory == nullptr) return {};
    if (size < text.size()) {
      while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
    }
    std::memcpy(memory, text.data(), size);
    return {memory, size};
  }

  fg_list_u64 list(std::span<const std::uint64_t> items) {
    std::size_t size = items.size();
    auto* memory = allocate<std::uint64_t>(size);
    if (memory == nullptr) return {};
    std::memcpy(memory, items.data(), size * sizeof(std::uint64_t));
    return {memory, size};
  }

#if FG_TARGET_MINOR >= 1
  fg_list_i64 list(std::span<const std::int64_t> items) {
    std::size_t size = items.size();
    auto* memory = allocate<std::int64_t>(size);
    if (memory == nullptr) return {};
    std::memcpy(memory, items.data(), size * sizeof(std::int64_t));
    return {memory, size};
  }

  // NaN and infinity become 0.
  fg_list_f64 list(std::span<const double> items) {
    std::size_t size = items.size();
    auto* memory = allocate<double>(size);
    if (memory == nullptr) return {};
    std::transform(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(size), memory,
                   [](double item) { return std::isfinite(item) ? item : 0.0; });
    return {memory, size};
  }

  fg_list_string list(std::span<const std::string_view> items) {
    std::size_t size = items.size();
    auto* memory = allocate<fg_string>(size);
    if (memory == nullptr) return {};
    for (std::size_t i = 0; i < size; ++i) memory[i] = text(items[i]);
    return {memory, size};
  }
#endif

  [[nodiscard]] const fg_host& host() const { return *host_; }
  void log(fg_log_level level, std::string_view text) const { host_->log(level, text.data(), text.size()); }

 protected:
  [[nodiscard]] std::uint32_t row() const { return row_; }

  template <fg_type Type, bool IsNullable, class Value>
  void write(const fg_vector& vector, const Value& value) {
    check_value<Type, Value>();
    auto* cells = static_cast<Cell<Type>*>(vector.cells);
    if (cells == nullptr) return;
    Cell<Type>& cell = cells[row_];
    if constexpr (Type == FG_F64) {
      const auto number = static_cast<double>(value);
      cell = std::isfinite(number) ? number : 0.0;  // no cell is ever NaN or infinite
    } else if constexpr (Type == FG_TIME) {
      cell = value.ns_since_start;
    } else if constexpr (Type == FG_STRING && !std::is_same_v<Value, fg_string>) {
      cell = text(value);
    } else if constexpr (Type == FG_LIST_U64 && !std::is_same_v<Value, fg_list_u64>) {
      cell = list(std::span<const std::uint64_t>(value));
#if FG_TARGET_MINOR >= 1
    } else if constexpr (Type == FG_LIST_I64 && !std::is_same_v<Value, fg_list_i64>) {
      cell = list(std::span<const std::int64_t>(value));
    } else if constexpr (Type == FG_LIST_F64 && !std::is_same_v<Value, fg_list_f64>) {
      cell = list(std::span<const double>(value));
    } else if constexpr (Type == FG_LIST_STRING && !std::is_same_v<Value, fg_list_string>) {
      cell = list(std::span<const std::string_view>(value));
#endif
    } else {
      cell = static_cast<Cell<Type>>(value);
    }
    if constexpr (IsNullable) vector.validity[row_ / 64] |= std::uint64_t{1} << (row_ % 64);
  }

  template <fg_type Type>
  void write_null(const fg_vector& vector) {
    if (vector.cells == nullptr) return;
    static_cast<Cell<Type>*>(vector.cells)[row_] = {};
    vector.validity[row_ / 64] &= ~(std::uint64_t{1} << (row_ % 64));
  }

 private:
  // Room for `size` items, or as many as the row has left: `size` then says how many.
  template <class Item>
  Item* allocate(std::size_t& size) {
    if (size == 0) return nullptr;
    const std::size_t left = FG_ROW_BYTES - used_bytes_;
    // Asked for in full first, so that the host knows of the cut.
    void* memory = host_->arena_alloc(arena_, row_, size * sizeof(Item));
    if (memory == nullptr) {
      size = std::min(size, left / sizeof(Item));
      if (size != 0) memory = host_->arena_alloc(arena_, row_, size * sizeof(Item));
    }
    if (memory != nullptr) used_bytes_ += (size * sizeof(Item) + 7) / 8 * 8;
    return static_cast<Item*>(memory);
  }

  const fg_host* host_;
  fg_arena* arena_;
  std::uint32_t row_;
  std::uint32_t used_bytes_ = 0;
};

}  // namespace detail
}  // namespace fg
