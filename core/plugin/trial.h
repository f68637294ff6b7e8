// What did not come with the program is tried in a child process first: a library is loaded there, and before a run each
// feature is created and destroyed once. What crashes, hangs, refuses or takes all memory there stops the start with a
// sentence, not the run in its middle.
// Call it before any thread is started.
#pragma once

#include <chrono>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/plugin/feature_set.h"

namespace flowgauge {

inline constexpr std::chrono::milliseconds kTrialLimit{10'000};

// One feature, wherever it came from.
[[nodiscard]] Result<void> try_feature(const ActiveFeature& active, std::chrono::milliseconds limit = kTrialLimit);
// All those whose module's origin is kGiven, in order; the first failure decides.
[[nodiscard]] Result<void> try_given_features(std::span<const ActiveFeature> active,
                                              std::chrono::milliseconds limit = kTrialLimit);

// Whether the constructors of a library's static objects come to an end. That it cannot be loaded is no failure here: the
// host's own attempt has the sentence for that. `opened_path` is what is loaded, `path` what the user calls it.
[[nodiscard]] Result<void> try_loading(const std::string& opened_path, const std::string& path,
                                       std::chrono::milliseconds limit = kTrialLimit);

}  // namespace flowgauge
