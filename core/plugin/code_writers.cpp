#include "core/plugin/code_writers.h"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "core/base/program_file.h"

namespace flowgauge {

bool CodeWriters::has_user(uid_t user) const { return std::ranges::find(users, user) != users.end(); }
bool CodeWriters::has_group(gid_t group) const { return std::ranges::find(groups, group) != groups.end(); }

CodeWriters writers_of(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::path path = std::filesystem::canonical(file, error);
  if (error) return {};
  CodeWriters writers;
  for (;;) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    if (!writers.has_user(status.st_uid)) writers.users.push_back(status.st_uid);
    const bool is_sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    if ((status.st_mode & S_IWGRP) != 0 && !is_sticky_folder && !writers.has_group(status.st_gid))
      writers.groups.push_back(status.st_gid);
    if (path == path.root_path()) return writers;
    path = path.parent_path();
  }
}

const CodeWriters& code_writers() {
  static const CodeWriters kWriters = writers_of(code_file());
  return kWriters;
}

}  // namespace flowgauge
