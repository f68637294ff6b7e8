// Where the program lies: plugins, profiles and what else is installed with it are found relative to that. Stateless.
#pragma once

#include <filesystem>

namespace flowgauge {

// Of the program itself, its own file. In a process that loaded libflowgauge.so, the program of the same installation
// (or build tree): it may be missing. Empty where the system does not say.
[[nodiscard]] std::filesystem::path program_file();

// Else it is part of a library or module that another program has loaded.
[[nodiscard]] bool is_part_of_program();

// What this code was loaded from: the program's own file, or that of the library or module. Empty where the system does
// not say.
[[nodiscard]] std::filesystem::path code_file();

}  // namespace flowgauge
