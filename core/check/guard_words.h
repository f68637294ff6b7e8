// Words behind the memory that a plugin is given, which it must leave as they are.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flowgauge {

inline constexpr std::size_t kGuardWords = 8;
inline constexpr unsigned char kGuard = 0xc3;  // each byte of them
inline constexpr std::uint64_t kGuardWord = 0xc3c3c3c3c3c3c3c3;

}  // namespace flowgauge
