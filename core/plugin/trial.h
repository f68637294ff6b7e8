// Before a run, each feature that did not come with the program is created and destroyed once in a child process:
// what crashes, hangs or refuses there stops the start with a sentence, not the run in its middle.
// Call it before any thread is started.
#pragma once

#include <chrono>
#include <span>

#include "core/base/result.h"
#include "core/plugin/feature_set.h"

namespace flowgauge {

inline constexpr std::chrono::milliseconds kTrialLimit{10'000};

// One feature, wherever it came from.
[[nodiscard]] Result<void> try_feature(const ActiveFeature& active, std::chrono::milliseconds limit = kTrialLimit);
// All those whose module's origin is kGiven, in order; the first failure decides.
[[nodiscard]] Result<void> try_given_features(std::span<const ActiveFeature> active,
                                              std::chrono::milliseconds limit = kTrialLimit);

}  // namespace flowgauge
