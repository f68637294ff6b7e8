// Text of the commands that are no runs: listings, help.
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

// kOk also when the reader went away (`flowgauge columns | head`); kOutput, with a message, when it cannot be written.
[[nodiscard]] ExitCode write_standard_output(std::string_view text);

}  // namespace flowgauge
