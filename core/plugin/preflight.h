// What a plugin does before a run is tried in a child process first: libraries are loaded there, and before a run each
// feature is created and destroyed once. What crashes, hangs, refuses or takes all memory there stops the start with a
// sentence, not the host. Wherever it came from: an installation holds other people's plugins as well.
// One child tries all, as far as it comes; each of them has the whole limit. Call it before any thread is started.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/feature_set.h"

namespace flowgauge {

inline constexpr std::chrono::milliseconds kTrialLimit{10'000};

// Where plugins are tried.
struct PluginTrial {
  enum class How : std::uint8_t {
    kFork,   // a copy of this process: only before it has any thread
    kSpawn,  // `flowgauge plugin trial`, started anew: from any process
    kNone,   // nowhere: by those who have tried them
  };
  How how = How::kFork;
  std::string program;  // of kSpawn, a path or a name in PATH; empty: FLOWGAUGE_PROGRAM, then that of this installation
};

// All those that a module brought, in order; the first failure decides.
[[nodiscard]] Result<void> try_features(std::span<const ActiveFeature> active, const PluginTrial& trial = {},
                                        std::chrono::milliseconds limit = kTrialLimit);

struct LoadTrial {
  std::string opened_path;  // what is loaded
  std::string path;         // what the user calls it
};

// Of each library, whether the constructors of its static objects come to an end. That one cannot be loaded is no
// failure here: the host's own attempt has the sentence for that.
[[nodiscard]] std::vector<Result<void>> try_loading(std::span<const LoadTrial> libraries, const PluginTrial& trial = {},
                                                    std::chrono::milliseconds limit = kTrialLimit);

}  // namespace flowgauge
