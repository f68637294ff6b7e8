// Reads profiles. A refusal (kUsage) reads "FILE:LINE: what is wrong; did you mean 'x'?".
// Stateless, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/profile/profile.h"

namespace flowgauge {

// Limits against hostile files; an honest profile has a few hundred lines.
inline constexpr std::size_t kLargestProfileBytes = 1024 * 1024;
inline constexpr std::size_t kDeepestProfileNesting = 16;
inline constexpr std::size_t kLongestExtendsChain = 16;

// `name_or_path` as in `extends` and on the command line: a path if it ends in .yaml or .yml, or begins with
// '/', './' or '../'; otherwise a name (`basic`, `compat/rustiflow`) of a profile in one of the folders.
[[nodiscard]] Result<Profile> load_profile(std::string_view name_or_path, std::span<const std::string> folders);
[[nodiscard]] Result<Profile> load_profile(std::string_view name_or_path);  // with default_profile_folders()

// A profile that is no file: `name` stands for it in messages, and relative paths in it begin at the current folder.
[[nodiscard]] Result<Profile> parse_profile(std::string text, const std::string& name,
                                            std::span<const std::string> folders);
[[nodiscard]] Result<Profile> parse_profile(std::string text, const std::string& name);

// Where the profiles that come with the program lie: share/flowgauge/configs beside the program's bin/ (the same
// in a build tree), then the folder it was configured to be installed to.
[[nodiscard]] std::vector<std::string> default_profile_folders();

// Names of the profiles in the folders, sorted: "basic", "compat/rustiflow".
[[nodiscard]] std::vector<std::string> available_profiles(std::span<const std::string> folders);

// Every key a profile may have, in the order of canonical form: "flow.idle_timeout", "exporters[].schema".
[[nodiscard]] std::vector<std::string> profile_keys();

}  // namespace flowgauge
