// Community ID flow hash, version 1, seed 0 (https://github.com/corelight/community-id-spec).
#pragma once

#include <cstdint>

#include "core/flow/flow_record.h"

namespace flowgauge {

inline constexpr std::size_t kCommunityIdBytes = 30;  // "1:" and 28 characters of base64

// Writes the text to `out` and returns its end.
char* write_community_id(char* out, const BasicFlow& flow);

}  // namespace flowgauge
