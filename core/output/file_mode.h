// Who may read and write an output's files: plain data.
#pragma once

#include <cstdint>

namespace flowgauge {

using FileMode = std::uint32_t;  // as chmod's, 0640

inline constexpr FileMode kOwnersMode = 0600;  // what each file has
inline constexpr FileMode kMostMode = 0666;    // a table is no program
inline constexpr FileMode kLiveMask = 0027;    // of a live run, at least: its files are 0640

}  // namespace flowgauge
