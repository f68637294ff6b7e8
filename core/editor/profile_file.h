// The files of the editor: read and written as a whole, and paths completed. Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

// Errors (kUsage) name the file.
[[nodiscard]] Result<std::string> read_profile_file(const std::string& path);

enum class Replace { kNo, kYes };

// Whole or not at all; the file that a link names, with its rights where it was there. Errors (kOutput) name the file;
// with kNo one is that it exists.
[[nodiscard]] Result<void> write_profile_file(const std::string& path, std::string_view text, Replace replace);

[[nodiscard]] bool is_file_there(const std::string& path);

// What begins with `text`, as far as it is the same in all that do; a folder with '/'. `candidates`: their names, if
// there are several.
struct CompletedPath {
  std::string text;
  std::vector<std::string> candidates;
};
[[nodiscard]] CompletedPath complete_path(const std::string& text);

}  // namespace flowgauge
