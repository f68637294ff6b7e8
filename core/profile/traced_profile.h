// A profile that remembers who set each of its keys. Stateless.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/profile/key_origins.h"
#include "core/profile/profile.h"
#include "core/profile/setting.h"

namespace flowgauge {

struct TracedProfile {
  Profile profile;
  KeyOrigins origins;
};

// As load_profile.
[[nodiscard]] Result<TracedProfile> load_traced_profile(std::string_view name_or_path);

// As parse_profile.
[[nodiscard]] Result<TracedProfile> parse_traced_profile(std::string text, const std::string& name,
                                                         std::span<const std::string> folders);

// As for a profile alone.
[[nodiscard]] Result<void> apply(const std::vector<Setting>& settings, TracedProfile& traced);

}  // namespace flowgauge
