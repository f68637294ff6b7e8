// Who can write the code that runs here anyway: the program's file or, in a process that has loaded it, the library's
// or the Python module's. Their plugins can do no more with the user's rights than they can already: a shared
// installation, of another user or writable by a group, trusts its own files.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <vector>

namespace flowgauge {

struct CodeWriters {
  std::vector<uid_t> users;
  std::vector<gid_t> groups;

  [[nodiscard]] bool has_user(uid_t user) const;
  [[nodiscard]] bool has_group(gid_t group) const;
};

// Owners of the file and of all folders above it, and groups that may write one of them. What everybody may write says
// nothing of anybody. Nobody where the path cannot be examined.
[[nodiscard]] CodeWriters writers_of(const std::filesystem::path& file);

// Of the code that runs here. Looked up once.
[[nodiscard]] const CodeWriters& code_writers();

}  // namespace flowgauge
