// Lines of styled text, as a whole terminal screen shows them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/figures.h"

namespace flowgauge {

enum class Style : std::uint8_t { kPlain, kDim, kBold, kTitle, kGraph, kWarning };

struct Segment {
  std::string text;
  Style style = Style::kPlain;

  bool operator==(const Segment&) const = default;
};
using PageLine = std::vector<Segment>;

struct PageSize {
  std::size_t columns = 80;
  std::size_t rows = 24;

  bool operator==(const PageSize&) const = default;
};

// Columns that a text takes, of one column a character.
[[nodiscard]] std::size_t columns_of(std::string_view text);

// The first `columns` characters.
[[nodiscard]] std::string_view cut(std::string_view text, std::size_t columns);

// The same, with spaces behind it up to there.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

// Cut where it is wider; segments without text go.
[[nodiscard]] PageLine cut(PageLine line, std::size_t columns);

// Lines of at most `columns` characters, broken at spaces; a longer word is cut into pieces.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

}  // namespace flowgauge
