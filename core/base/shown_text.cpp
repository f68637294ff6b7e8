#include "core/base/shown_text.h"

#include <algorithm>

#include "core/base/utf8.h"

namespace flowgauge {
namespace {

constexpr std::string_view kNotUtf8 = "\xef\xbf\xbd";  // U+FFFD

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7f;
  return character.size() == 2 && first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;  // C1
}

std::string clean_but(std::string_view text, char kept) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t bytes = utf8_character(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(bytes, 1));
    const bool is_space = is_control(character) && character[0] != kept;
    clean += bytes == 0 ? kNotUtf8 : is_space ? std::string_view(" ") : character;
    text.remove_prefix(character.size());
  }
  return clean;
}

}  // namespace

std::string shown_text(std::string_view text) { return clean_but(text, ' '); }

std::string shown_lines(std::string_view text) { return clean_but(text, '\n'); }

}  // namespace flowgauge
