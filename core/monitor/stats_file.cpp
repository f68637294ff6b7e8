#include "core/monitor/stats_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/output/destination.h"

namespace flowgauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool is_regular(int fd) {
  struct stat about {};
  return ::fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

std::unexpected<Error> refuse(const std::string& path, int error) {
  if (error == ENXIO) return fail(ExitCode::kOutput, "{}: is a pipe that nobody reads; begin to read it first", path);
  return fail(ExitCode::kOutput, "{}: cannot be created: {}; check the folder and its permissions", path,
              std::strerror(error));
}

}  // namespace

Result<StatsFile> StatsFile::open(const std::string& path, bool force) {
  if (is_standard_output(path)) {
    FileDescriptor copy = copy_of_descriptor(standard_output());
    if (!copy) return refuse("standard output", errno);
    return StatsFile(std::move(copy), {}, 0);
  }
  const std::string host = host_path(path);
  struct stat about {};
  const bool is_there = ::stat(host.c_str(), &about) == 0;
  if (is_there && !S_ISREG(about.st_mode)) {  // a pipe waits for its reader, who may not come
    FileDescriptor opened(::open(host.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
    if (!opened) return refuse(path, errno);
    return StatsFile(std::move(opened), {}, 0);
  }
  FileDescriptor opened(::open(host.c_str(), O_RDWR | O_CLOEXEC | O_CREAT | O_APPEND | (force ? O_TRUNC : 0), 0666));
  if (!opened) return refuse(path, errno);
  const std::uint64_t bytes = TRY(behind_whole_lines(opened, path));
  return StatsFile(std::move(opened), path, bytes);
}

// Cuts a last line that has no end: the run that wrote it was killed.
Result<std::uint64_t> StatsFile::behind_whole_lines(const FileDescriptor& fd, const std::string& path) {
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) return refuse(path, errno);
  const off_t bytes = about.st_size;
  char first = '{';
  if (bytes > 0 && ::pread(fd.get(), &first, 1, 0) != 1) return refuse(path, errno);
  if (first != '{')
    return fail(ExitCode::kOutput,
                "{}: already exists and has no statistics; take another name, or replace it with --force", path);
  off_t whole = bytes;
  for (char last = '\0'; whole > 0; --whole) {
    if (::pread(fd.get(), &last, 1, whole - 1) != 1) return refuse(path, errno);
    if (last == '\n') break;
  }
  if (whole == bytes) return static_cast<std::uint64_t>(bytes);
  if (::ftruncate(fd.get(), whole) != 0) return refuse(path, errno);
  log_warning("{}: its last line was cut off, and is removed: {}", path,
              counted(static_cast<std::uint64_t>(bytes - whole), "byte"));
  return static_cast<std::uint64_t>(whole);
}

StatsFile::~StatsFile() {
  if (fd_ && !has_line_ && !path_.empty()) ::unlink(host_path(path_).c_str());
}

bool StatsFile::has_room(milliseconds patience) const {
  pollfd waits{fd_.get(), POLLOUT, 0};
  return ::poll(&waits, 1, static_cast<int>(patience.count())) > 0;
}

StatsFile::Written StatsFile::write(std::string_view line, milliseconds patience) {
  const auto until = steady_clock::now() + patience;
  if (!is_open_) return Written::kFailed;
  if (!unsent_.empty())
    if (const Written written = send(until); written != Written::kYes) return written;
  if (!has_room(patience)) return Written::kNoRoom;
  unsent_ = line;
  has_line_ = true;
  const Written written = send(until);
  return written == Written::kNoRoom ? Written::kYes : written;  // the rest comes before the next line
}

StatsFile::Written StatsFile::finish(milliseconds patience) {
  return is_open_ ? send(steady_clock::now() + patience) : Written::kFailed;
}

// A pipe takes so many bytes at once where it has room at all.
StatsFile::Written StatsFile::send(steady_clock::time_point until) {
  const std::size_t most = is_regular(fd_.get()) ? unsent_.size() : PIPE_BUF;
  while (!unsent_.empty()) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - steady_clock::now());
    if (!has_room(std::max(left, milliseconds(0)))) return Written::kNoRoom;
    const ssize_t size = ::write(fd_.get(), unsent_.data(), std::min(most, unsent_.size()));
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size < 0) return fail_with(errno);
    unsent_.erase(0, static_cast<std::size_t>(size));
    bytes_ += static_cast<std::uint64_t>(size);
  }
  whole_bytes_ = bytes_;
  return Written::kYes;
}

StatsFile::Written StatsFile::fail_with(int error) {
  is_open_ = false;
  // What fitted of the last line is no line. Where it cannot be taken back, its reader sees that it has no end.
  if (!path_.empty() && ::ftruncate(fd_.get(), static_cast<off_t>(whole_bytes_)) != 0) whole_bytes_ = bytes_;
  if (error != EPIPE)
    error_ = Error{ExitCode::kOutput, fmt::format("--stats: {} cannot be written any more: {}",
                                                  path_.empty() ? "the pipe or device" : path_, std::strerror(error))};
  return Written::kFailed;
}

}  // namespace flowgauge
