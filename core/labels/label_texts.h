// The two spellings of a label file, as texts. Stateless.
#pragma once

#include <string>

#include "core/labels/label_fields.h"

namespace flowgauge {

// RFC 4180 with a header line, whose names from `label` on are the label columns. Lines that begin with '#' and empty
// ones are passed over. Errors (kUsage) begin with "FILE:LINE: ".
[[nodiscard]] Result<LabelTexts> label_texts_of_csv(const std::string& text, const std::string& path);

// A mapping with `rules`, and perhaps `columns` and `time_zone`.
[[nodiscard]] Result<LabelTexts> label_texts_of_yaml(const std::string& text, const std::string& path);

}  // namespace flowgauge
