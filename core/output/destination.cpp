#include "core/output/destination.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/terminal_rows.h"
#include "core/base/try.h"
#include "core/output/appended_file.h"
#include "core/output/new_name.h"
#include "core/output/part_file.h"
#include "core/output/row_ends.h"

namespace flowgauge {
namespace {

constexpr std::size_t kDirectBytes = 64UZ * 1024;  // so many at once gain nothing from a copy in the buffer

constexpr std::string_view kStandardOutputPath = "/dev/stdout";

constexpr int kReaderEveryMs = 100;  // that a pipe without a reader is tried again

}  // namespace

bool is_standard_output(std::string_view path) { return path.empty() || path == "-" || path == kStandardOutputPath; }

Destination::Destination(FileDescriptor fd, Kind kind, std::string path, std::string location, ExistingFile existing,
                         const StopRequest* stop)
    : fd_(std::move(fd)),
      writer_(fd_.get(), stop),
      kind_(kind),
      path_(std::move(path)),
      location_(std::move(location)),
      existing_(existing) {
  buffer_.reserve(kOutputBufferBytes);
}

Result<void> Destination::check(const std::string& path, ExistingFile existing) {
  if (is_standard_output(path)) return {};
  struct stat status {};
  const std::string there = host_path(path);
  if (::stat(there.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return fail(ExitCode::kOutput, "{}: is a folder; name a file in it", path);
    if (!S_ISREG(status.st_mode)) return {};
  }
  if (existing == ExistingFile::kRefuse && ::lstat(there.c_str(), &status) == 0)
    return fail(ExitCode::kOutput, "{}: already exists; take another name, or replace it with --force", path);
  return check_part_file(path + ".part");
}

Result<std::unique_ptr<Destination>> Destination::open(const std::string& path, ExistingFile existing,
                                                       const StopRequest* stop, Name name,
                                                       std::optional<FileMode> mode) {
  if (is_standard_output(path))
    return open_standard_output(path == kStandardOutputPath ? path : "standard output", stop);
  TRY(check(path, name == Name::kFollows ? ExistingFile::kReplace : existing));
  struct stat status {};
  if (::stat(host_path(path).c_str(), &status) != 0 || S_ISREG(status.st_mode)) return open_part(path, existing, mode);
  FileDescriptor fd = TRY(open_device(path, stop));
  return std::unique_ptr<Destination>(new Destination(std::move(fd), Kind::kDevice, path, path, existing, stop));
}

// A named pipe that nobody reads yet cannot be opened without waiting: then it is said, and the stop request seen.
Result<FileDescriptor> Destination::open_device(const std::string& path, const StopRequest* stop) {
  const auto opened = [&] {
    const int flags = O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    return beyond_standard_streams(::open(host_path(path).c_str(), flags));
  };
  FileDescriptor fd = opened();
  if (!fd && errno == ENXIO) log_info("{}: waits for a reader of this pipe", path);
  while (!fd && (errno == ENXIO || errno == EINTR)) {
    pollfd stops{stop == nullptr ? -1 : stop->descriptor(), POLLIN, 0};
    (void)::poll(&stops, 1, kReaderEveryMs);
    if (stop != nullptr && stop->requested())
      return fail(ExitCode::kInterrupted, "{}: interrupted before anybody read this pipe", path);
    fd = opened();
  }
  // Whoever writes to it waits where its reader is slow.
  if (fd && ::fcntl(fd.get(), F_SETFL, 0) == 0) return fd;
  return fail(ExitCode::kOutput, "{}: cannot be written: {}", path, std::strerror(errno));
}

Result<std::unique_ptr<Destination>> Destination::open_standard_output(std::string location, const StopRequest* stop) {
  FileDescriptor fd = copy_of_descriptor(standard_output());
  if (!fd) return fail(ExitCode::kOutput, "{}: cannot be written: {}", location, std::strerror(errno));
  return std::unique_ptr<Destination>(
      new Destination(std::move(fd), Kind::kStandardOutput, "-", std::move(location), ExistingFile::kRefuse, stop));
}

Result<std::unique_ptr<Destination>> Destination::open_part(const std::string& path, ExistingFile existing,
                                                            std::optional<FileMode> mode) {
  std::string part = path + ".part";
  FileDescriptor fd = TRY(open_part_file(part, existing == ExistingFile::kReplace));
  if (mode && ::fchmod(fd.get(), *mode) != 0) {
    const int error = errno;
    ::unlink(host_path(part).c_str());
    return fail(ExitCode::kOutput, "{}: cannot get the mode {:04o}: {}; leave 'mode' out", part, *mode,
                std::strerror(error));
  }
  return std::unique_ptr<Destination>(
      new Destination(std::move(fd), Kind::kFile, path, std::move(part), existing, nullptr));
}

bool Destination::is_terminal() const { return ::isatty(fd_.get()) == 1; }

void Destination::set_name(std::string path) {
  if (path != path_) existing_ = ExistingFile::kRefuse;
  path_ = std::move(path);
}

std::uint64_t Destination::bytes() const {
  if (bytes_written_ != 0 || !buffer_.empty()) return bytes_written_ + buffer_.size();
  struct stat status {};
  return kind_ == Kind::kFile && ::fstat(fd_.get(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

Result<SinkState> Destination::write(std::string_view bytes, std::uint64_t rows) {
  if (state_ == SinkState::kClosed) return state_;
  if (buffer_.empty() && bytes.size() >= kDirectBytes) return write_rows(bytes, rows);
  buffer_.append(bytes);
  rows_in_buffer_ += rows;
  return buffer_.size() < kOutputBufferBytes ? Result<SinkState>(state_) : flush();
}

Result<SinkState> Destination::flush() {
  auto result = write_rows(buffer_, rows_in_buffer_);
  buffer_.clear();
  rows_in_buffer_ = 0;
  return result;
}

Result<SinkState> Destination::write_rows(std::string_view bytes, std::uint64_t rows) {
  if (state_ == SinkState::kClosed || failed_) return state_;
  auto result = write_out(bytes);
  if (result && *result == SinkState::kOpen) rows_ += rows;
  return result;
}

Result<SinkState> Destination::write_out(std::string_view bytes) {
  if (!bytes.empty() && kind_ == Kind::kStandardOutput && is_terminal()) before_terminal_rows(bytes);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = writer_.write(bytes.substr(written));
    if (count >= 0) {
      written += static_cast<std::size_t>(count);
      bytes_written_ += static_cast<std::size_t>(count);
      continue;
    }
    const int error = errno;
    if (error == EINTR) continue;
    if (error == EAGAIN) {  // somebody set the terminal or pipe to non-blocking
      pollfd ready{fd_.get(), POLLOUT, 0};
      (void)::poll(&ready, 1, -1);
      continue;
    }
    if (rows_format_) cut_after_last_row(bytes.substr(0, written));
    if (error == ETIMEDOUT) {
      failed_ = true;
      return fail(ExitCode::kOutput, "{}: its reader took nothing for {} s after the run was asked to end", location_,
                  kReaderPatience.count());
    }
    if (error == EPIPE) return state_ = SinkState::kClosed;
    failed_ = true;
    return write_error(error);
  }
  return state_;
}

// `written` begins with a row: only whole rows are given to write().
void Destination::cut_after_last_row(std::string_view written) {
  const WholeRows whole = whole_rows(written, *rows_format_);
  rows_ += whole.rows;
  if (kind_ != Kind::kFile) return;
  const auto surplus = static_cast<off_t>(written.size() - whole.bytes);
  const off_t position = ::lseek(fd_.get(), 0, SEEK_CUR);
  // Best effort: the run has failed, and its message says so.
  if (position >= 0 && ::ftruncate(fd_.get(), position - surplus) != 0) return;
}

std::unexpected<Error> Destination::write_error(int error) const {
  const bool is_full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return fail(ExitCode::kOutput, "{}: cannot be written: {}; {}", location_, std::strerror(error),
              is_full ? "make room, or write elsewhere, and run again" : "check the device and run again");
}

// Of a file that write() has made: a plugin of the same process can write into any descriptor of it.
Result<void> Destination::is_ours_alone() const {
  struct stat status {};
  if (kind_ != Kind::kFile || bytes_written_ == 0 || ::fstat(fd_.get(), &status) != 0) return {};
  const auto size_bytes = static_cast<std::uint64_t>(status.st_size);
  if (size_bytes == bytes_written_) return {};
  return fail(ExitCode::kOutput,
              "{}: has {} bytes where {} were written: a plugin, or another program, has changed it; leave plugins out "
              "one by one to find it, and use none of its rows",
              location_, size_bytes, bytes_written_);
}

Result<SinkState> Destination::finish(Finish how) {
  if (how == Finish::kDiscard) {
    buffer_.clear();
    if (kind_ == Kind::kFile) ::unlink(host_path(location_).c_str());
  }
  auto result = flush();
  if (result && !failed_ && how != Finish::kDiscard)
    if (const auto alone = is_ours_alone(); !alone) result = std::unexpected(alone.error());
  // Its lock ends with the last descriptor: until the name is changed nobody shall take the file for a dead one.
  const FileDescriptor lock = fd_ ? copy_of_descriptor(fd_.get()) : FileDescriptor();
  const int closed = fd_ ? ::close(fd_.release()) : 0;
  if (!result || kind_ != Kind::kFile || failed_) return result;
  // Network file systems report a full disk as late as here.
  if (closed != 0 && errno != EINTR) {
    failed_ = true;
    return write_error(errno);
  }
  return how == Finish::kComplete ? finish_file(*result) : result;
}

Result<SinkState> Destination::finish_file(SinkState state) {
  const std::string from = host_path(location_);
  const std::string to = host_path(path_);
  const bool replaces = existing_ == ExistingFile::kReplace;
  if ((replaces ? std::rename(from.c_str(), to.c_str()) : rename_new(from, to)) != 0) {
    if (errno == EEXIST && existing_ == ExistingFile::kAppend) {
      TRY(join_part(location_, path_, header_bytes_));
      location_ = path_;
      return state;
    }
    const int error = errno;
    return fail(ExitCode::kOutput, "{}: cannot get its name {}: {}; all rows are in {}", location_, path_,
                std::strerror(error), location_);
  }
  location_ = path_;
  return state;
}

}  // namespace flowgauge
