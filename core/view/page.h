// What the screen shows of a run, as lines of styled text for a screen of a size. Pure: the same picture, the same page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/view/run_picture.h"

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

// Below this there is only room for a line that says so.
inline constexpr PageSize kLeastPage{.columns = 40, .rows = 10};

enum class TalkerOrder : std::uint8_t { kBits, kName };
enum class Motion : std::uint8_t { kRunning, kPaused };

// What the person has chosen, and what the program has said.
struct PageChoices {
  std::string title;  // what is read: "eth0", "3 files"
  Glyphs glyphs = Glyphs::kBlocks;
  Motion motion = Motion::kRunning;
  TalkerOrder order = TalkerOrder::kBits;
  std::string filter;                // talkers whose name has it; empty: all
  bool is_filter_typed = false;      // keys go into it
  std::deque<std::string> messages;  // without line feeds, the newest last
};

// As many lines as the size has rows at most; none is wider than its columns.
[[nodiscard]] std::vector<PageLine> page_of(const RunPicture& picture, const PageChoices& choices, PageSize size);

// Columns that a text takes, of one column a character.
[[nodiscard]] std::size_t columns_of(std::string_view text);

}  // namespace flowgauge
