// Figures for people: short numbers, and bars of block characters for a line of text. Stateless, no locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace flowgauge {

enum class Glyphs : std::uint8_t { kAscii, kBlocks };  // what the terminal can show

// A bar of one character for each value, of their greatest; a space for what is not above 0.
[[nodiscard]] std::string bars(std::span<const double> values, Glyphs glyphs);

// "0", "999", "1.23 k", "45.6 M", "789 G": three digits, for people.
[[nodiscard]] std::string short_number(double value);

// A number in at most 8 characters, rounded: "1,234", "12345678", "0.01234", "1.23e+18".
[[nodiscard]] std::string figure(double value);

}  // namespace flowgauge
