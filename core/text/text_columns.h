// Text in columns of a line, of one column a character. Stateless; UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flowgauge {

// Bytes of the form 10xxxxxx continue a character.
[[nodiscard]] constexpr bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

[[nodiscard]] std::size_t columns_of(std::string_view text);

// The first `columns` characters.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t columns);

// The same, with spaces behind it up to there.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

// The same, but text that is cut ends in "~".
[[nodiscard]] std::string fitted(std::string_view text, std::size_t columns);

// With spaces before it; text that is wider stays whole.
[[nodiscard]] std::string right_aligned(std::string_view text, std::size_t columns);

enum class LongWord : std::uint8_t { kCut, kWhole };  // a word that is wider than a line

// Lines of at most `columns` characters, broken at spaces. A wider word is cut into pieces, or has a line of its own.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t columns,
                                               LongWord long_word = LongWord::kCut);

}  // namespace flowgauge
