// The keys of a profile: one table says what there is and how each is read. Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/profile/profile.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {

// Sets in `profile` what the file's tree says and leaves the rest: mappings merge key by key, lists and single
// values replace. `extends` itself is followed by the caller.
[[nodiscard]] Result<void> apply_profile(const YamlNode& root, Profile& profile);

// Sets one key in `profile`: "threads", or with its section "flow.linger". The key's own mapping keeps its other keys.
[[nodiscard]] Result<void> set_profile_key(std::string_view key, const YamlNode& value, Profile& profile);

// As profile_keys() in load.h.
[[nodiscard]] std::vector<std::string> known_profile_keys();

}  // namespace flowgauge
