// Whether two looks at files saw one file, whatever its names. A file's number is its own while it is open or linked.
#pragma once

#include <sys/stat.h>

namespace flowgauge {

[[nodiscard]] inline bool is_same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// Whether what is open there now is the file of that look. False: nothing is open there.
[[nodiscard]] inline bool is_still_file(int descriptor, const struct stat& before) {
  struct stat now {};
  return ::fstat(descriptor, &now) == 0 && is_same_file(now, before);
}

}  // namespace flowgauge
