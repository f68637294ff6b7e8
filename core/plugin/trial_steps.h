// What is tried of a plugin, step by step, in a child process that tells each.
#pragma once

#include <string>
#include <string_view>

#include "core/plugin/child_process.h"
#include "core/plugin/feature_set.h"

namespace flowgauge {

// What the child tells: letters for each step it has come to, then perhaps a text.
inline constexpr std::string_view kTrialLoading = "l";
inline constexpr std::string_view kTrialCreating = "c";
inline constexpr std::string_view kTrialDestroying = "d";
inline constexpr std::string_view kTrialDone = "\n";     // in no message: those are one line
inline constexpr std::string_view kTrialRefused = "\r";  // the text follows

// Each returns whether it went well. That a library cannot be loaded is for the host to find out, which has its own
// sentence for that.
[[nodiscard]] bool try_loading(const std::string& opened_path, ChildPipe pipe);
[[nodiscard]] bool try_creating(const ActiveFeature& active, ChildPipe pipe);

}  // namespace flowgauge
