// The digits of base 16, lower case.
#pragma once

namespace flowgauge {

inline constexpr char kHexDigits[] = "0123456789abcdef";

}  // namespace flowgauge
