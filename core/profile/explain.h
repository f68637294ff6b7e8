// What each key of a profile is in effect, who set it, and what it does. Stateless.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/profile/key_origins.h"
#include "core/profile/traced_profile.h"

namespace flowgauge {

struct ExplainedKey {
  std::string key;                  // "flow.linger", "exporters[0].path"
  std::string value;                // as a profile has it, without quotes
  std::optional<KeyOrigin> origin;  // none: the default
  std::string type;
  std::string meaning;
};

// Every key in the order of canonical form; of entries of lists those that they have.
[[nodiscard]] Result<std::vector<ExplainedKey>> explain(const TracedProfile& traced);

// Those of `all` that `name` means: a key ("flow.linger"), one of all entries ("exporters[].path"), or a section
// ("flow") with all below. A key that nobody set is one with its default. Fails (kUsage) where there is no such key.
[[nodiscard]] Result<std::vector<ExplainedKey>> keys_named(const std::vector<ExplainedKey>& all, std::string_view name);

}  // namespace flowgauge
