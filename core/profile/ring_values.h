// Numbers and sizes of rings, as a profile and the command line write them. Stateless.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

inline constexpr std::uint32_t kMostRings = 256;
inline constexpr std::uint64_t kLeastRingBytes = 65'536;
inline constexpr std::uint64_t kMostRingBytes = 2'147'483'648;

// "auto" is 0. Errors (kUsage) quote the text and say what is allowed.
[[nodiscard]] Result<std::uint32_t> parse_rings(std::string_view text);
[[nodiscard]] Result<std::uint64_t> parse_ring_size(std::string_view text);

}  // namespace flowgauge
