// Whether two looks at files saw one file, whatever its names. A file's number is its own while it is open or linked.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace flowgauge {

[[nodiscard]] inline bool is_same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// By name. False: one of them is not there.
[[nodiscard]] inline bool is_same_file(const std::filesystem::path& one, const std::filesystem::path& other) {
  std::error_code error;
  return std::filesystem::equivalent(one, other, error) && !error;
}

// Whether what is open there now is the file of that look. False: nothing is open there.
[[nodiscard]] inline bool is_still_file(int descriptor, const struct stat& before) {
  struct stat now {};
  return ::fstat(descriptor, &now) == 0 && is_same_file(now, before);
}

}  // namespace flowgauge
