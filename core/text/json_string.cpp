#include "core/text/json_string.h"

#include <fmt/format.h>

#include "core/base/utf8.h"

namespace flowgauge {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  json += '"';
  while (!text.empty()) {
    const std::size_t bytes = utf8_character(text);
    const char first = text.front();
    if (bytes == 0) {
      json += kReplacement;
    } else if (first == '"' || first == '\\') {
      json += '\\';
      json += first;
    } else if (first == '\n') {
      json += "\\n";
    } else if (first == '\t') {
      json += "\\t";
    } else if (static_cast<unsigned char>(first) < 0x20) {
      json += fmt::format("\\u{:04x}", static_cast<unsigned char>(first));
    } else {
      json += text.substr(0, bytes);
    }
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  json += '"';
}

}  // namespace flowgauge
