// Where lines of statistics go: a file of their own, a named pipe, or standard output. A line is written whole or not
// at all: one that a slow reader has no room for is left out, and the next one says what it would have said.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace flowgauge {

class StatsFile {
 public:
  // "-": standard output. Lines of earlier runs stay, unless `force` is given; a file of anything else is refused. Who
  // reads along sees each line at once: it has its name from the beginning.
  [[nodiscard]] static Result<StatsFile> open(const std::string& path, bool force);
  StatsFile(StatsFile&&) = default;
  StatsFile& operator=(StatsFile&&) = default;
  StatsFile(const StatsFile&) = delete;
  StatsFile& operator=(const StatsFile&) = delete;
  // A new file without a line is removed: the run did not begin.
  ~StatsFile();

  enum class Written { kYes, kNoRoom, kFailed };
  // Waits for room no longer than `patience`. After kFailed there is an error, or whoever read it went away.
  Written write(std::string_view line, std::chrono::milliseconds patience);

  // What is left of a line that was begun.
  Written finish(std::chrono::milliseconds patience);

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  // `bytes`: that the file has already.
  StatsFile(FileDescriptor fd, std::string path, std::uint64_t bytes)
      : fd_(std::move(fd)), path_(std::move(path)), bytes_(bytes), whole_bytes_(bytes), has_line_(bytes != 0) {}
  static Result<std::uint64_t> behind_whole_lines(const FileDescriptor& fd, const std::string& path);
  [[nodiscard]] bool has_room(std::chrono::milliseconds patience) const;
  Written send(std::chrono::steady_clock::time_point until);
  Written fail_with(int error);

  FileDescriptor fd_;
  std::string path_;           // empty: it is no file
  std::string unsent_;         // of a line that was begun
  std::uint64_t bytes_;        // of the file, or that were written
  std::uint64_t whole_bytes_;  // of those, in whole lines
  bool is_open_ = true;
  bool has_line_;
  std::optional<Error> error_;
};

}  // namespace flowgauge
