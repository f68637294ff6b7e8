#include "core/plugin/descriptor_rules.h"

#include <fmt/format.h>

#include "core/base/plugin_name.h"
#include "core/base/utf8.h"
#include "core/plugin/contamination_classes.h"

namespace flowgauge::rules {
namespace {

bool is_name(std::string_view text) { return text.size() <= kLongestPluginName && is_plugin_name(text); }

}  // namespace

bool is_name(const char* text) {
  return text != nullptr && is_name(std::string_view(text, ::strnlen(text, kLongestPluginName + 1)));
}

bool is_full_name(const char* text) {
  if (text == nullptr) return false;
  const std::string_view all(text, ::strnlen(text, 2 * kLongestPluginName + 2));
  const std::size_t dot = all.find('.');
  return dot != std::string_view::npos && is_name(all.substr(0, dot)) && is_name(all.substr(dot + 1));
}

Finding check_name(const char* text, std::string_view what) {
  if (text == nullptr) return fmt::format("{} has no name; give it one of a-z, 0-9 and _", what);
  if (is_name(text)) return {};
  return fmt::format("{} is called '{:.{}}'; use at most {} of a-z, 0-9 and _", what,
                     std::string_view(text, ::strnlen(text, kLongestPluginName)), kLongestPluginName,
                     kLongestPluginName);
}

Finding check_text(const char* text, std::string_view what) {
  if (text == nullptr || *text == 0) return fmt::format("{} is missing; give a text", what);
  if (::strnlen(text, kLongestText + 1) > kLongestText)
    return fmt::format("{} is longer than {} bytes; is its end missing?", what, kLongestText);
  return {};
}

Finding check_shown_name(std::string_view text, std::string_view what) {
  if (text.size() > kLongestShownName)
    return fmt::format("{} has a name of {} bytes; use at most {}", what, text.size(), kLongestShownName);
  if (!is_utf8(text)) return fmt::format("{} is called '{}', which is not UTF-8; write it so", what, text);
  if (text != shown_text(text))
    return fmt::format("{} is called '{}', which has control characters; leave them out", what, text);
  return {};
}

bool is_code(std::string_view text) {
  std::string on_a_line(text);
  std::ranges::replace_if(
      on_a_line, [](char letter) { return letter == '\n' || letter == '\r' || letter == '\t'; }, ' ');
  return is_utf8(on_a_line) && on_a_line == shown_text(on_a_line);
}

Finding check_array(const fg_array& array, std::size_t least_stride, std::string_view type, std::string_view what) {
  if (array.count == 0) return {};
  if (Finding wrong = check_count(array.count, array.items == nullptr, what); !wrong.empty()) return wrong;
  if (array.stride < least_stride || array.stride > 16 * least_stride)
    return fmt::format("the stride of its {} is {}, ABI 1.0 has {}; set it to sizeof({}), as FG_ARRAY does", what,
                       array.stride, least_stride, type);
  if (array.stride % std::min(least_stride, kStructAlignment) != 0)
    return fmt::format("the stride of its {} is {}, which ends within a field; set it to sizeof({}), as FG_ARRAY does",
                       what, array.stride, type);
  return {};
}

Finding check_count(std::uint64_t count, bool is_null, std::string_view what) {
  if (count > kMostItems)
    return fmt::format("its table of {} has the count {}, more than {}; check it", what, count, kMostItems);
  if (count > 0 && is_null)
    return fmt::format("its table of {} is a null pointer, but has the count {}; fill it in", what, count);
  return {};
}

Finding check_struct_size(std::uint32_t struct_size, std::size_t least, std::string_view type, unsigned minor) {
  if (struct_size < least)
    return fmt::format("has struct_size {}, ABI 1.{} has {}; set it to sizeof({})", struct_size, minor, least, type);
  if (struct_size % kStructAlignment != 0)
    return fmt::format("has struct_size {}, which ends within a field; set it to sizeof({})", struct_size, type);
  return {};
}

bool is_type(fg_type type) { return type >= FG_U64 && type <= FG_LIST_STRING; }
bool is_unit(fg_unit unit) { return unit >= FG_UNIT_NONE && unit <= FG_UNIT_BYTES_PER_S; }

Finding check_column(const fg_column& column) {
  if (Finding wrong = check_name(column.name, "a column"); !wrong.empty()) return wrong;
  const std::string who = fmt::format("column '{}' ", column.name);
  if (Finding wrong = check_text(column.doc, fmt::format("the doc of column '{}'", column.name)); !wrong.empty())
    return wrong;
  if (!is_type(column.type))
    return who + fmt::format("has type {}, which is not known; use FG_U64 to FG_LIST_STRING", column.type);
  if (!is_unit(column.unit))
    return who + fmt::format("has unit {}, which is not known; use FG_UNIT_NONE to FG_UNIT_BYTES_PER_S", column.unit);
  if (const auto unknown = column.reveals & ~kAllClasses; unknown != 0)
    return who + fmt::format("reveals {:#x}, which is no known class; use the FG_REVEALS_ bits", unknown);
  if (const auto unknown = column.extremes_reveal & ~kAllClasses; unknown != 0)
    return who + fmt::format("has extremes_reveal {:#x}, which is no known class; use the FG_REVEALS_ bits", unknown);
  if (column.extremes_reveal != 0 && column.type != FG_SERIES)
    return who + "has extremes_reveal but is no series; put the classes into reveals";
  if (const auto unknown = column.flags & ~FG_NULLABLE; unknown != 0)
    return who + fmt::format("has flags {:#x}, which are not known; use FG_NULLABLE or 0", unknown);
  if (column.source == nullptr) return {};
  return check_text(column.source, fmt::format("the source of column '{}'", column.name));
}

}  // namespace flowgauge::rules
