// A file's name, where nobody has it yet.
#pragma once

#include <string>

namespace flowgauge {

// As rename(), but a file that has come up under that name meanwhile is not replaced: EEXIST. Where the file system
// cannot promise it, the name is checked just before.
[[nodiscard]] int rename_new(const std::string& from, const std::string& to);

}  // namespace flowgauge
