// Where bytes go: PATH.part that gets its name at the end, a device or named pipe, or standard output. Buffered; one
// thread at a time. The first error stays: the caller stops and keeps what is there.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/export/writer.h"

namespace flowgauge {

inline constexpr std::size_t kOutputBufferBytes = 1 << 20;

class Destination {
 public:
  // Refuses an existing file, or a PATH.part left by an earlier run, without `force`.
  [[nodiscard]] static Result<std::unique_ptr<Destination>> open(const std::string& path, bool force);
  // What open() would refuse of the files that are there, without opening any.
  [[nodiscard]] static Result<void> check(const std::string& path, bool force);

  [[nodiscard]] Result<WriterState> write(std::string_view bytes);
  [[nodiscard]] Result<WriterState> flush();
  [[nodiscard]] Result<WriterState> finish(Finish how);
  [[nodiscard]] const std::string& location() const { return location_; }

  // A file that could not be written to its end is cut after its last whole line. Not for compressed bytes.
  void keep_whole_lines() { keeps_whole_lines_ = true; }

 private:
  enum class Kind { kFile, kDevice, kStandardOutput };
  Destination(FileDescriptor fd, Kind kind, std::string path, std::string location, bool force);
  static Result<std::unique_ptr<Destination>> open_standard_output();
  static Result<std::unique_ptr<Destination>> open_part(const std::string& path, bool force);
  Result<WriterState> write_out(std::string_view bytes);
  [[nodiscard]] std::unexpected<Error> write_error(int error) const;
  void cut_after_last_line(std::string_view written);

  FileDescriptor fd_;
  Kind kind_;
  std::string path_;
  std::string location_;
  bool force_;
  bool keeps_whole_lines_ = false;
  bool failed_ = false;
  WriterState state_ = WriterState::kOpen;
  std::string buffer_;
};

}  // namespace flowgauge
