#include "core/text/cell_text.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "core/base/utf8.h"
#include "core/text/hex_digits.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kLowBits = 0x0101010101010101;
constexpr std::uint64_t kHighBits = 0x8080808080808080;

// A high bit in each byte that is 0; in bytes above such a one perhaps too, which does not matter here.
constexpr std::uint64_t zero_bytes(std::uint64_t word) { return (word - kLowBits) & ~word & kHighBits; }

// A high bit in each byte that is less than `limit`, and perhaps in others above such a one.
constexpr std::uint64_t bytes_below(std::uint64_t word, std::uint8_t limit) {
  return (word - kLowBits * limit) & ~word & kHighBits;
}

// Whether the word has one of the four characters for which a CSV text is quoted.
bool needs_quotes(std::uint64_t word) {
  if (bytes_below(word, ',' + 1) == 0) return false;  // so are all the four, and few others but blanks
  return (zero_bytes(word ^ (kLowBits * ',')) | zero_bytes(word ^ (kLowBits * '"')) |
          zero_bytes(word ^ (kLowBits * '\n')) | zero_bytes(word ^ (kLowBits * '\r'))) != 0;
}

// Copies a part of a text and says whether it needs quotes: looking at what was just written would wait for the stores.
template <class Part>
bool copy_part(char* out, const char* text) {
  Part part{};
  std::memcpy(&part, text, sizeof part);
  std::memcpy(out, &part, sizeof part);
  // The bytes of a word that are no text shall look like none of the four.
  constexpr std::uint64_t kBeyond = sizeof part < 8 ? ~std::uint64_t{0} << (8 * sizeof part % 64) : 0;
  return needs_quotes(part | kBeyond);
}

// A text in parts of so many bytes, the last of which may overlap the one before.
template <class Part>
bool copy_parts(char* out, std::string_view text) {
  bool found = false;
  const std::size_t last = text.size() - sizeof(Part);
  for (std::size_t at = 0; at < last; at += sizeof(Part)) found |= copy_part<Part>(out + at, text.data() + at);
  return copy_part<Part>(out + last, text.data() + last) || found;
}

// Copies it and says whether it needs quotes.
bool copy_and_judge(char* out, std::string_view text) {
  if (text.size() >= 8) return copy_parts<std::uint64_t>(out, text);
  if (text.size() >= 4) return copy_parts<std::uint32_t>(out, text);
  return !text.empty() && copy_parts<std::uint8_t>(out, text);
}

char* copy(char* out, std::string_view text) {
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

}  // namespace

char* write_csv_text(char* out, std::string_view text) {
  // Most need none: then the copy is all there is to do.
  if (!copy_and_judge(out, text)) return out + text.size();
  *out++ = '"';
  for (const char c : text) {
    if (c == '"') *out++ = '"';
    *out++ = c;
  }
  *out++ = '"';
  return out;
}

char* write_json_text(char* out, std::string_view text) {
  *out++ = '"';
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t bytes = utf8_character(text.substr(at));
    if (bytes == 0) {
      out = copy(out, "\\ufffd");
      ++at;
      continue;
    }
    if (c == '"' || c == '\\') {
      *out++ = '\\';
      *out++ = c;
    } else if (static_cast<std::uint8_t>(c) < 0x20) {
      out = copy(out, "\\u00");
      *out++ = kHexDigits[static_cast<std::uint8_t>(c) >> 4];
      *out++ = kHexDigits[static_cast<std::uint8_t>(c) & 15U];
    } else {
      out = copy(out, text.substr(at, bytes));
    }
    at += bytes;
  }
  *out++ = '"';
  return out;
}

char* write_terminal_text(char* out, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[at]);
    const std::size_t bytes = utf8_character(text.substr(at));
    // U+0080 to U+009F are control characters too: C2 80 to C2 9F.
    const bool is_control =
        lead < 0x20 || lead == 0x7f || (lead == 0xc2 && bytes == 2 && static_cast<std::uint8_t>(text[at + 1]) < 0xa0);
    if (bytes == 0 || is_control) {
      *out++ = '?';
    } else {
      out = copy(out, text.substr(at, bytes));
    }
    at += bytes == 0 ? 1 : bytes;
  }
  return out;
}

}  // namespace flowgauge
