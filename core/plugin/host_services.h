// What the host offers to plugins: the fg_host table. Constant; any thread.
#pragma once

#include <string_view>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Texts that plugins log go to core/base/log, errors are also kept for the message of the call that then fails
// (see current_call.h).
[[nodiscard]] const fg_host& plugin_host();

}  // namespace flowgauge
