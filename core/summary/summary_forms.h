// The three forms of a summary. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/summary/summary.h"
#include "core/text/figures.h"

namespace flowgauge {

enum class Emphasis : std::uint8_t { kNone, kTerminal };  // bold and dim, by escape sequences

struct SummaryLook {
  std::size_t width = 80;  // of lines; at least 72
  Glyphs glyphs = Glyphs::kBlocks;
  Emphasis emphasis = Emphasis::kNone;
};

[[nodiscard]] std::string summary_text(const Summary& summary, const SummaryLook& look);

// docs/summary.md has every field.
[[nodiscard]] std::string summary_json(const Summary& summary);

// One HTML page without anything from elsewhere.
[[nodiscard]] std::string summary_page(const Summary& summary);

}  // namespace flowgauge
