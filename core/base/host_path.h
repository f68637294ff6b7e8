// Standard streams and relative paths as the host uses them, whatever plugins do to those of the process. The program
// keeps its own before it loads any; a library leaves all to its caller.
#pragma once

#include <unistd.h>

#include <string>

#include "core/base/handle.h"

namespace flowgauge {

// From here on the host reads from, and writes to, copies of its own. What anybody else prints goes to standard error,
// and there is nothing to read. Relative paths begin at today's current folder. Before any thread is started.
void keep_standard_streams_and_folder();

[[nodiscard]] int standard_input() noexcept;
[[nodiscard]] int standard_output() noexcept;

// What the system is to be given for a path of the user's.
[[nodiscard]] std::string host_path(const std::string& path);

// Numbers of descriptors that are none of a standard stream begin here.
inline constexpr int kFirstOtherDescriptor = STDERR_FILENO + 1;
// A second descriptor of the same open file, under such a number, closed by exec; none, and errno says why.
[[nodiscard]] FileDescriptor copy_of_descriptor(int descriptor) noexcept;

// The same file under a number that is none of a standard stream: one that somebody has closed is never taken.
[[nodiscard]] FileDescriptor beyond_standard_streams(int descriptor);

}  // namespace flowgauge
