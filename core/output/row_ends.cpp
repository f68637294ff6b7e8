#include "core/output/row_ends.h"

namespace flowgauge {

WholeRows whole_rows(std::string_view text, TableFormat format) {
  WholeRows whole;
  bool quoted = false;  // a quoted cell of a CSV may hold line ends; the other formats write them as escapes
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = format == TableFormat::kCsv && !quoted;
    if (text[at] != '\n' || quoted) continue;
    ++whole.rows;
    whole.bytes = at + 1;
  }
  return whole;
}

}  // namespace flowgauge
