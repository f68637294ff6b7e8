// What the dynamic linker is given for a library that is open already: a path through the descriptor.
#pragma once

#include <string>
#include <string_view>

namespace flowgauge {

// "/proc/4711/fd/5". With this process's number, since debuggers open the path as well: by /proc/self they would read
// a descriptor of their own, perhaps a pipe, and wait for ever.
[[nodiscard]] std::string opened_path_of(int descriptor);

// The descriptor that such a path of this process goes through; -1: it is none.
[[nodiscard]] int descriptor_of(std::string_view opened_path);

}  // namespace flowgauge
