#include "core/plugin/cell_notes.h"

#include "core/base/text.h"

namespace flowgauge {

CellNote& CellNote::operator+=(const CellNote& other) {
  not_finite += other.not_finite;
  cut += other.cut;
  repaired += other.repaired;
  return *this;
}

void add_notes(CellNotes& notes, const CellNotes& more) {
  for (const auto& [column, note] : more) notes[column] += note;
}

std::vector<std::string> note_texts(const std::string& column, const CellNote& note) {
  std::vector<std::string> texts;
  const auto tell = [&](std::uint64_t cells, std::string_view what) {
    if (cells > 0) texts.push_back(fmt::format("{}: {} {}; tell its author", column, counted(cells, "cell"), what));
  };
  tell(note.not_finite, "with NaN or infinity, written as 0");
  tell(note.cut, "cut, since the texts and lists of one row may have 64 KiB");
  tell(note.repaired, "with NUL or bytes that are not UTF-8, written as U+FFFD");
  return texts;
}

}  // namespace flowgauge
