// What plugins, columns and options may be called: [a-z0-9_]+.
#pragma once

#include <cstddef>
#include <string_view>

namespace flowgauge {

inline constexpr std::size_t kLongestPluginName = 64;

constexpr bool is_plugin_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace flowgauge
