// Lines of styled text, as a whole terminal screen shows them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/text/text_columns.h"

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

// As a screen can show it (shown_text), and cut where it is wider; segments without text go.
[[nodiscard]] PageLine cut(PageLine line, std::size_t columns);

}  // namespace flowgauge
