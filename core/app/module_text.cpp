#include "core/app/module_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "core/base/shown_text.h"
#include "core/base/text.h"
#include "core/engine/plugin_json.h"
#include "core/plugin/option_value.h"
#include "core/plugin/packet_filters.h"
#include "core/plugin/schema_options.h"

namespace flowgauge {

std::string needs_text(const fg_feature& feature) {
  std::string text = join(need_names(feature));
  if ((feature.needs & FG_NEEDS_PAYLOAD) != 0) text += fmt::format(" (the first {} bytes)", feature.payload_bytes);
  return text.empty() ? "nothing" : text;
}

std::string filters_text(const std::vector<fg_packet_filter>& filters) {
  std::vector<std::string> texts;
  for (const fg_packet_filter& filter : filters) texts.push_back(filter_text(filter));
  return join(texts);
}

std::string type_text(const fg_column& column) {
  std::string text = fmt::format("{}{}", type_name(column.type), (column.flags & FG_NULLABLE) != 0 ? "?" : "");
  if (const std::string_view unit = unit_name(column.unit); !unit.empty()) text += fmt::format(" {}", unit);
  return text;
}

std::string option_text(const fg_option& option) {
  std::string otherwise = "must be given";
  if (option.default_value != nullptr) otherwise = fmt::format("default {}", shown_text(option.default_value));
  if (is_list(option.type) && option.default_value != nullptr && split_list(option.default_value).empty())
    otherwise = "default empty";
  return fmt::format("{}{} ({})", type_name(option.type), allowed_text(option), otherwise);
}

std::size_t column_count(const Schema& schema) {
  const Result<OptionValues> defaults = parse_schema_options(schema, {}, {});  // an error: one must be given
  return static_cast<std::size_t>(std::ranges::count_if(schema.columns, [&](const fg_schema_column& column) {
    return column.when != FG_WHEN_CLEAN &&
           (defaults ? is_there(column, schema, defaults->values()) : column.only_if == nullptr);
  }));
}

void add_line(std::string& text, std::string_view label, std::string_view value) {
  if (!value.empty()) fmt::format_to(std::back_inserter(text), "  {:<9} {}\n", label, value);
}

void add_origin_lines(std::string& text, const Module& module) {
  add_line(text, "vendor", module.vendor);
  add_line(text, "url", module.url);
  add_line(text, "support", module.support);
}

}  // namespace flowgauge
