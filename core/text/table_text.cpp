#include "core/text/table_text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/base/utf8.h"

namespace flowgauge {
namespace {

constexpr std::string_view kInPlaceOfNone = "\xef\xbf\xbd";  // U+FFFD

// Not 0 if one of the bytes is NUL or not ASCII.
constexpr std::uint64_t odd_bytes(std::uint64_t word) {
  return (word | ((word - 0x0101010101010101) & ~word)) & 0x8080808080808080;
}

bool is_ascii_without_nul(std::string_view text) {
  std::uint64_t odd = 0;
  std::uint64_t word = 0;
  for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    odd |= odd_bytes(word);
  }
  for (const char letter : text) {
    const auto byte = static_cast<std::uint8_t>(letter);
    odd |= static_cast<std::uint64_t>(byte == 0 || byte >= 0x80);
  }
  return odd == 0;
}

}  // namespace

bool is_table_text(std::string_view text) {
  return is_ascii_without_nul(text) || (text.find('\0') == std::string_view::npos && is_utf8(text));
}

std::string table_text_of(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t bytes = text.front() == '\0' ? 0 : utf8_character(text);
    clean += bytes == 0 ? kInPlaceOfNone : text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return clean;
}

}  // namespace flowgauge
