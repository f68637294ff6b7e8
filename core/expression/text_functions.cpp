#include "core/expression/text_functions.h"

#include <algorithm>
#include <cstring>

#include "core/expression/program.h"
#include "core/expression/validity.h"
#include "core/text/text_columns.h"

namespace flowgauge::expression {
namespace {

std::string_view first_characters(std::string_view text, std::int64_t count) {
  std::size_t end = 0;
  while (end < text.size() && (!begins_character(text[end]) || count-- > 0)) ++end;
  return text.substr(0, end);
}

}  // namespace

void prefixes(Call& call) {
  const auto* const texts = call.in<fg_string>(0);
  fill<fg_string>(
      call, [&](std::uint32_t row) { return string_cell(first_characters(text_of(texts[row]), call.node->number)); });
}

void text_lengths(Call& call) {
  const auto* const texts = call.in<fg_string>(0);
  fill<std::uint64_t>(call, [&](std::uint32_t row) {
    return static_cast<std::uint64_t>(std::ranges::count_if(text_of(texts[row]), begins_character));
  });
}

void list_lengths(Call& call) {
  const auto* const lists = call.in<fg_list_u64>(0);
  fill<std::uint64_t>(call, [&](std::uint32_t row) { return lists[row].size; });
}

void joined_texts(Call& call) {
  const auto* const first = call.in<fg_string>(0);
  const auto* const second = call.in<fg_string>(1);
  NullMarker nulls(call.out->validity, call.validity, call.rows);
  call.scratch->arena->begin_call(call.rows);
  fill<fg_string>(call, [&](std::uint32_t row) -> fg_string {
    const std::string_view begin = text_of(first[row]);
    const std::string_view end = text_of(second[row]);
    if (begin.empty()) return second[row];
    if (end.empty()) return first[row];
    auto* const text = static_cast<char*>(call.scratch->arena->allocate(row, begin.size() + end.size()));
    if (text == nullptr) {
      nulls.mark(row);
      return {};
    }
    std::memcpy(text, begin.data(), begin.size());
    std::memcpy(text + begin.size(), end.data(), end.size());
    return {text, begin.size() + end.size()};
  });
}

template <class List>
void items(Call& call) {
  using Item = std::remove_cvref_t<decltype(*List::data)>;
  const auto* const lists = call.in<List>(0);
  const auto* const indices = call.in<std::int64_t>(1);
  NullMarker nulls(call.out->validity, call.validity, call.rows);
  fill<Item>(call, [&](std::uint32_t row) {
    const auto index = static_cast<std::uint64_t>(indices[row]);  // a negative one is beyond every list
    if (index < lists[row].size) return lists[row].data[index];
    nulls.mark(row);
    return Item{};
  });
}
template void items<fg_list_u64>(Call& call);
template void items<fg_list_i64>(Call& call);
template void items<fg_list_f64>(Call& call);
template void items<fg_list_string>(Call& call);

}  // namespace flowgauge::expression
