// Where bytes go: PATH.part that gets its name at the end, a device or named pipe, or standard output. Small writes are
// gathered; one thread at a time. The first error stays: the caller stops and keeps what is there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/output/file_mode.h"
#include "core/output/patient_write.h"
#include "core/output/writer.h"
#include "core/table/existing_file.h"

namespace flowgauge {

inline constexpr std::size_t kOutputBufferBytes = 1 << 20;

// By its names: "-", nothing, /dev/stdout. A shell may have made it a file, which is written as it is and never
// renamed.
[[nodiscard]] bool is_standard_output(std::string_view path);

class Destination {
 public:
  // kFollows: PATH alone is never written, set_name() says the file's name.
  enum class Name { kIsPath, kFollows };
  // Refuses an existing file as `existing` says; a PATH.part as open_part_file() does. `stop` ends the wait for a
  // reader of a named pipe (kInterrupted), and for one that takes nothing (kOutput), kReaderPatience later. It stays
  // the caller's. `mode`: of a file, whatever the process's mask; none: what that leaves of 0666.
  [[nodiscard]] static Result<std::unique_ptr<Destination>> open(const std::string& path, ExistingFile existing,
                                                                 const StopRequest* stop = nullptr,
                                                                 Name name = Name::kIsPath,
                                                                 std::optional<FileMode> mode = {});
  // What open() would refuse of the files that are there, without opening any.
  [[nodiscard]] static Result<void> check(const std::string& path, ExistingFile existing);

  // `rows`: how many whole ones `bytes` are, where rows are to be counted.
  [[nodiscard]] Result<SinkState> write(std::string_view bytes, std::uint64_t rows = 0);
  [[nodiscard]] Result<SinkState> flush();
  [[nodiscard]] Result<SinkState> finish(Finish how);
  // Of kAppend: so many first bytes are the header, which is left out if there is a file to append to.
  void set_header_bytes(std::uint64_t bytes) { header_bytes_ = bytes; }
  // The name that a file gets at its end, in place of that of open(): one that nobody has. Before finish().
  void set_name(std::string path);
  // Of what was written to it, with what is still in the buffer; of whoever writes in its own way, that of the file.
  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] const std::string& location() const { return location_; }
  [[nodiscard]] bool is_terminal() const;
  // For whoever writes to it in its own way, and not with write(). Stays the destination's.
  [[nodiscard]] int descriptor() const { return fd_.get(); }

  // What is written are rows of this format, not compressed: a file that could not be written to its end is cut after
  // its last whole row.
  void keep_whole_rows(TableFormat format) { rows_format_ = format; }
  // Whole rows that arrived where they are to go: what is still in the buffer does not count.
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  // Whether a file could not be written to its end. What arrived of it is kept.
  [[nodiscard]] bool is_cut_file() const { return failed_ && kind_ == Kind::kFile; }

 private:
  enum class Kind { kFile, kDevice, kStandardOutput };
  Destination(FileDescriptor fd, Kind kind, std::string path, std::string location, ExistingFile existing,
              const StopRequest* stop);
  static Result<std::unique_ptr<Destination>> open_standard_output(std::string location, const StopRequest* stop);
  static Result<FileDescriptor> open_device(const std::string& path, const StopRequest* stop);
  static Result<std::unique_ptr<Destination>> open_part(const std::string& path, ExistingFile existing,
                                                        std::optional<FileMode> mode);
  [[nodiscard]] Result<void> is_ours_alone() const;
  Result<SinkState> finish_file(SinkState state);
  Result<SinkState> write_rows(std::string_view bytes, std::uint64_t rows);
  Result<SinkState> write_out(std::string_view bytes);
  [[nodiscard]] std::unexpected<Error> write_error(int error) const;
  void cut_after_last_row(std::string_view written);

  FileDescriptor fd_;
  PatientWrite writer_;
  Kind kind_;
  std::string path_;
  std::string location_;
  ExistingFile existing_;
  std::uint64_t header_bytes_ = 0;
  std::optional<TableFormat> rows_format_;  // none: no rows, or compressed ones
  std::uint64_t rows_in_buffer_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_written_ = 0;
  bool failed_ = false;
  SinkState state_ = SinkState::kOpen;
  std::string buffer_;
};

}  // namespace flowgauge
