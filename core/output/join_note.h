// PATH.joining, which lies beside PATH while rows are copied behind its own: how long PATH was before. If it is found
// at a start, the copy was cut off.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace flowgauge {

struct JoinNote {
  off_t bytes = 0;                 // of PATH before
  std::uint64_t header_bytes = 0;  // of PATH.part, which are not copied
  ino_t inode = 0;                 // of PATH

  // None: there is none, or one that was not written to its end; then the copy had not begun.
  [[nodiscard]] static std::optional<JoinNote> of(const std::string& path);
  // False: errno says why.
  [[nodiscard]] bool write(const std::string& path) const;
  void remove(const std::string& path) const;
  // Gives PATH the length that it had. False: it is another file by now.
  [[nodiscard]] bool cut(const std::string& path) const;
};

}  // namespace flowgauge
