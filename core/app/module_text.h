// What a loaded module offers, for `flowgauge plugins` and `flowgauge plugin info`: lines of their text. Stateless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/module.h"

namespace flowgauge {

// "key, payload (the first 64 bytes)"; "nothing".
[[nodiscard]] std::string needs_text(const fg_feature& feature);

// "tcp port 443, gre"; empty without filters.
[[nodiscard]] std::string filters_text(const std::vector<fg_packet_filter>& filters);

// "u64 B", "u64? ns" of a nullable column.
[[nodiscard]] std::string type_text(const fg_column& column);

// "u64 from 1 to 64 (default 1)", "string of fast, slow (must be given)"
[[nodiscard]] std::string option_text(const fg_option& option);

template <class Item>
std::vector<std::string> names_of(const std::vector<Item>& items) {
  std::vector<std::string> names;
  for (const Item& item : items) names.emplace_back(item.name);
  return names;
}

// Of the full form, with the options' defaults.
[[nodiscard]] std::size_t column_count(const Schema& schema);

// "  label     value", if there is one.
void add_line(std::string& text, std::string_view label, std::string_view value);

// What the module says of where it comes from: vendor, url, support.
void add_origin_lines(std::string& text, const Module& module);

}  // namespace flowgauge
