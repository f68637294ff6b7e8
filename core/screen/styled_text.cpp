#include "core/screen/styled_text.h"

#include "core/base/shown_text.h"

namespace flowgauge {

PageLine cut(PageLine line, std::size_t columns) {
  for (Segment& segment : line) {
    segment.text = cut(shown_text(segment.text), columns);
    columns -= columns_of(segment.text);
  }
  std::erase_if(line, [](const Segment& segment) { return segment.text.empty(); });
  return line;
}

}  // namespace flowgauge
