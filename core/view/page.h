// What the screen shows of a run, as lines of styled text for a screen of a size. Pure: the same picture, the same
// page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/screen/styled_text.h"
#include "core/text/figures.h"
#include "core/view/run_picture.h"

namespace flowgauge {

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

}  // namespace flowgauge
