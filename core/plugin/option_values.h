// The values of a feature's or schema's options, as `create` gets them: an fg_value and an fg_list_value of each, in
// the declared order. Owns what they point to.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// The items of an option that is a list.
using ListItems =
    std::variant<std::vector<std::uint64_t>, std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>>;

// Without items yet; of the type of such a list.
[[nodiscard]] ListItems no_items(fg_type list);
// `item` is of the type of the items.
void add_item(ListItems& items, const fg_value& item);

// Copies share the texts and lists that values point to.
class OptionValues {
 public:
  [[nodiscard]] std::span<const fg_value> values() const { return values_; }
  // As many as there are values; of an option that is no list an empty one.
  [[nodiscard]] std::span<const fg_list_value> lists() const { return lists_; }

  void add(fg_value value);
  void add(std::string text);
  void add(ListItems items);

 private:
  std::vector<fg_value> values_;
  std::vector<fg_list_value> lists_;
  std::vector<std::shared_ptr<const void>> memory_;
};

}  // namespace flowgauge
