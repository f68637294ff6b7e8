// Rows behind those of a table that exists. While the run lasts its rows are a table of their own, PATH.part. At the
// end they are copied behind those of PATH, without the header. The bytes that PATH had before are never written again,
// and a copy that was cut off is done again by the next run (join_note.h). One thread at a time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/output/table_format.h"

namespace flowgauge {

class AppendedFile {
 public:
  // `header`: the first line of a table with these columns, as column_names.h has it; empty: not known.
  AppendedFile(std::string path, TableFormat format, std::string header);

  // What becomes of whole rows that a dead run left in PATH.part: the same command makes those of captures again.
  enum class LeftRows : std::uint8_t { kAside, kAdded };
  // First of all: a copy that was cut off is done, and left rows are added, if they have the same columns. What is not
  // added open_part_file() keeps aside.
  [[nodiscard]] Result<void> recover(LeftRows left_rows);
  // Whether rows can stand behind those of PATH: it has the same columns, and ends with a whole row. No file is right,
  // too. Reads compressed files to their end. One that has not changed since the last call is not read again.
  [[nodiscard]] Result<void> check();

 private:
  struct Mark {
    dev_t device = 0;
    ino_t inode = 0;
    off_t bytes = -1;
    bool operator==(const Mark&) const = default;
  };
  [[nodiscard]] bool is_compressed() const;
  [[nodiscard]] Result<void> check_columns(std::string_view line) const;
  [[nodiscard]] Result<void> check_text(int fd, off_t bytes) const;
  [[nodiscard]] Result<void> check_compressed(int fd) const;
  [[nodiscard]] Result<void> add_left_rows(const std::string& part, int fd);

  std::string path_;
  TableFormat format_;
  std::string header_;
  Mark checked_;
};

// Copies PATH.part, locked by the caller, without its first `header_bytes` behind the bytes of PATH, and removes it.
// After an error PATH has what it had, and all rows are in PATH.part.
[[nodiscard]] Result<void> join_part(const std::string& part, const std::string& path, std::uint64_t header_bytes);

}  // namespace flowgauge
