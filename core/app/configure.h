// `flowgauge configure`: where it can be.
#pragma once

namespace flowgauge {

// Whether this process has a terminal that can show a screen: then the program without a command configures.
[[nodiscard]] bool can_configure();

}  // namespace flowgauge
