// Sets one key of a profile from one line of text, as the command line gives it. Stateless.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/profile/profile.h"

namespace flowgauge {

// kList: entries with commas between them, or the word `all`.
enum class LineForm { kValue, kList };

// `key`: one of `flow:` or `packets:`, as profile_keys() has it: "flow.idle_timeout". The text is read as a profile's is.
// `shown`: what messages call the key: "--idle-timeout". Errors (kUsage) have no place in front.
[[nodiscard]] Result<void> set_key(std::string_view key, std::string_view text, LineForm form, std::string_view shown,
                                   Profile& profile);

}  // namespace flowgauge
