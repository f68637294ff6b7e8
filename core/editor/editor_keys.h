// Keys that have no name in core/screen: as a terminal sends them.
#pragma once

namespace flowgauge {

inline constexpr int kEscape = 27;
inline constexpr int kTab = '\t';

[[nodiscard]] constexpr bool is_enter(int key) { return key == '\n' || key == '\r'; }

}  // namespace flowgauge
