#include "core/plugin/option_values.h"

#include <type_traits>
#include <utility>

namespace flowgauge {
namespace {

// A list that stays where it is. The texts of strings lie in `items`.
struct KeptList {
  ListItems items;
  std::vector<fg_string> strings = {};
};

fg_list_value list_of(KeptList& kept) {
  fg_list_value value{};
  if (const auto* u64 = std::get_if<std::vector<std::uint64_t>>(&kept.items)) {
    value.u64 = {u64->data(), u64->size()};
  } else if (const auto* i64 = std::get_if<std::vector<std::int64_t>>(&kept.items)) {
    value.i64 = {i64->data(), i64->size()};
  } else if (const auto* f64 = std::get_if<std::vector<double>>(&kept.items)) {
    value.f64 = {f64->data(), f64->size()};
  } else {
    for (const std::string& text : std::get<std::vector<std::string>>(kept.items))
      kept.strings.push_back({text.data(), text.size()});
    value.string = {kept.strings.data(), kept.strings.size()};
  }
  return value;
}

}  // namespace

ListItems no_items(fg_type list) {
  switch (list) {
    case FG_LIST_I64:
      return std::vector<std::int64_t>();
    case FG_LIST_F64:
      return std::vector<double>();
    case FG_LIST_STRING:
      return std::vector<std::string>();
    default:
      return std::vector<std::uint64_t>();
  }
}

void add_item(ListItems& items, const fg_value& item) {
  std::visit(
      [&](auto& list) {
        using Item = typename std::remove_reference_t<decltype(list)>::value_type;
        if constexpr (std::is_same_v<Item, std::uint64_t>)
          list.push_back(item.u64);
        else if constexpr (std::is_same_v<Item, std::int64_t>)
          list.push_back(item.i64);
        else if constexpr (std::is_same_v<Item, double>)
          list.push_back(item.f64);
        else
          list.emplace_back(item.string.data, item.string.size_bytes);
      },
      items);
}

void OptionValues::add(fg_value value) {
  values_.push_back(value);
  lists_.push_back({});
}

void OptionValues::add(std::string text) {
  const auto kept = std::make_shared<const std::string>(std::move(text));
  memory_.push_back(kept);
  fg_value value{};
  value.string = {kept->data(), kept->size()};
  add(value);
}

void OptionValues::add(ListItems items) {
  const auto kept = std::make_shared<KeptList>(std::move(items));
  memory_.push_back(kept);
  values_.push_back({});
  lists_.push_back(list_of(*kept));
}

}  // namespace flowgauge
