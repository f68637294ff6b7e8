// What the screen shows of the editor, as lines of styled text for a screen of a size. Pure: the same editor, the same
// page.
#pragma once

#include <vector>

#include "core/editor/editor.h"
#include "core/screen/styled_text.h"

namespace flowgauge {

// Below this there is only room for a line that says so.
inline constexpr PageSize kLeastEditorPage{.columns = 73, .rows = 22};

// As many lines as the size has rows; none is wider than its columns.
[[nodiscard]] std::vector<PageLine> page_of(const Editor& editor, PageSize size);

}  // namespace flowgauge
