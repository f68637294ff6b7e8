// What `flowgauge plugin trial` is asked to try, as text: a line for each library to load or feature to create.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/feature_set.h"

namespace flowgauge {

// "load PATH", of each in turn.
[[nodiscard]] std::string load_lines(std::span<const std::string> opened_paths);

// "create PATH FEATURE VALUE...": the values of its options, as declared; texts in hexadecimal digits behind an "s".
[[nodiscard]] std::string create_line(const std::string& opened_path, const ActiveFeature& active);

// Does what the lines say, in this process, and tells each step to the descriptor (preflight.h). Errors are of the
// lines themselves.
[[nodiscard]] Result<void> try_as_requested(std::string_view lines, int descriptor);

}  // namespace flowgauge
