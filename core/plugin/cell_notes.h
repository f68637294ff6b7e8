// What the host had to do with cells that plugins wrote, by "PATH: column 'FEATURE.COLUMN'": the user is told at the
// end of the run.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace flowgauge {

struct CellNote {
  std::uint64_t not_finite = 0;  // NaN or infinity became 0
  std::uint64_t cut = 0;         // a text or list that its row had no room for
  std::uint64_t repaired = 0;    // NUL or bytes that are not UTF-8 became U+FFFD

  CellNote& operator+=(const CellNote& other);
  bool operator==(const CellNote&) const = default;
};

using CellNotes = std::map<std::string, CellNote>;

void add_notes(CellNotes& notes, const CellNotes& more);

// One sentence for each kind that there is.
[[nodiscard]] std::vector<std::string> note_texts(const std::string& column, const CellNote& note);

}  // namespace flowgauge
