#include "core/output/row_ends.h"

namespace flowgauge {

void RowEnds::add(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted_ = format_ == TableFormat::kCsv && !quoted_;
    if (text[at] != '\n' || quoted_) continue;
    ++whole_.rows;
    whole_.bytes = bytes_ + at + 1;
  }
  bytes_ += text.size();
}

WholeRows whole_rows(std::string_view text, TableFormat format) {
  RowEnds ends(format);
  ends.add(text);
  return ends.whole();
}

}  // namespace flowgauge
