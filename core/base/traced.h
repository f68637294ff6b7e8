// Whether somebody debugs this process: gdb or strace began it, or has attached to it.
#pragma once

namespace flowgauge {

[[nodiscard]] bool is_traced();

}  // namespace flowgauge
