// Who may write a file beyond its mode: POSIX access lists, as the extended attribute system.posix_acl_access has them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace flowgauge {

struct ListedWriters {
  bool is_readable = true;  // false: bytes that are no access list
  std::vector<uid_t> users;
  std::vector<gid_t> groups;
};

// Those whom the list names and whom its mask lets write. Pure.
[[nodiscard]] ListedWriters listed_writers(std::span<const std::uint8_t> attribute);

}  // namespace flowgauge
