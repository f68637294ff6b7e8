// The rules for what stands in descriptors: texts, names, types, tables. Each check gives the end of a sentence,
// "what is wrong; what to do", or an empty text. Private to judge.cpp and judge_schema.cpp. Stateless.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/shown_text.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge::rules {

// What is wrong; empty if nothing.
using Finding = std::string;

// The refusal of the module at `path`. Names and values may hold anything: what they do to a terminal they do not do in
// a message.
[[nodiscard]] inline std::unexpected<Error> refuse(const std::string& path, const Finding& wrong) {
  return fail(ExitCode::kPlugin, "{}: {}", path, shown_text(wrong));
}

// Size of a struct whose last field in ABI 1.0, or in the minor that it came with, was `last`: the least that a module
// may give.
#define FG_SIZE_1_0(type, last) (offsetof(type, last) + sizeof(((type*)nullptr)->last))

// More than any honest module has: a wrong count would walk through foreign memory.
inline constexpr std::uint32_t kMostItems = 4096;
inline constexpr std::uint32_t kMostStateBytes = 65'536;
inline constexpr std::uint32_t kMostPayloadBytes = 65'535;
inline constexpr std::uint32_t kMostBatchRows = 65'536;  // texts of a batch have offsets of 32 bits
inline constexpr std::size_t kLongestShownName = 256;
inline constexpr std::size_t kLongestText = 65'536;

// A copy of `from` in this host's size: what its maker did not have is zero.
template <class T>
[[nodiscard]] T widened(const void* from, std::size_t size_bytes) {
  T to{};
  std::memcpy(&to, from, std::min(size_bytes, sizeof(T)));
  return to;
}

template <class T>
[[nodiscard]] std::vector<T> items_of(const fg_array& array) {
  std::vector<T> items;
  items.reserve(array.count);
  const auto* at = static_cast<const unsigned char*>(array.items);
  for (std::uint32_t i = 0; i < array.count; ++i, at += array.stride) items.push_back(widened<T>(at, array.stride));
  return items;
}

[[nodiscard]] bool is_name(const char* text);
// [a-z0-9_]+ on both sides of one dot.
[[nodiscard]] bool is_full_name(const char* text);

[[nodiscard]] Finding check_name(const char* text, std::string_view what);
// Not null, not empty, not endless.
[[nodiscard]] Finding check_text(const char* text, std::string_view what);
// A name that stands in headers of tables: UTF-8 without control characters, of at most 256 bytes.
[[nodiscard]] Finding check_shown_name(std::string_view text, std::string_view what);
// UTF-8, of control characters white space alone.
[[nodiscard]] bool is_code(std::string_view text);
[[nodiscard]] Finding check_array(const fg_array& array, std::size_t least_stride, std::string_view type,
                                  std::string_view what);
[[nodiscard]] Finding check_count(std::uint64_t count, bool is_null, std::string_view what);
// Structs that lead to others have a multiple of it: a size between would be half of a pointer.
inline constexpr std::size_t kStructAlignment = alignof(void*);
// `minor`: of the ABI 1.x that the struct came with.
[[nodiscard]] Finding check_struct_size(std::uint32_t struct_size, std::size_t least, std::string_view type,
                                        unsigned minor = 0);

// Name, doc, type, unit, classes, flags and source.
[[nodiscard]] Finding check_column(const fg_column& column);

[[nodiscard]] bool is_type(fg_type type);
[[nodiscard]] bool is_unit(fg_unit unit);

}  // namespace flowgauge::rules
