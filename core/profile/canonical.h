// The canonical text of a profile: every key, defaults filled in, one spelling for each meaning. Stateless.
#pragma once

#include <string>

#include "core/profile/profile.h"

namespace flowgauge {

// YAML that loads to the same profile; `flowgauge profile check` shows it. (`extends` is resolved away.)
[[nodiscard]] std::string describe(const Profile& profile);

// The part of it that decides what becomes of a frame before there are flows: `packets:`, and `flow_key`.
[[nodiscard]] std::string describe_parsing(const Profile& profile);

// SHA-256 in hex over what decides the rows: profiles of the same meaning have the same hash, whatever the order
// of their keys, comments, spelling of durations, or what they extend. Not part of it: the description, threads,
// output paths, and the folder of a plugin file (the run report names plugin files by their own hash).
[[nodiscard]] std::string profile_hash(const Profile& profile);

}  // namespace flowgauge
