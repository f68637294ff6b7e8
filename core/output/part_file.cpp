#include "core/output/part_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/same_file.h"
#include "core/base/try.h"
#include "core/output/new_name.h"

namespace flowgauge {
namespace {

constexpr int kTries = 16;           // another process may take or move the file in between
constexpr int kMostAside = 100'000;  // of one name

enum class Lock { kHeld, kOfOther, kUnknown };

struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// It is the open file's, and so ends with the process, however that ends.
Lock lock_file(int fd) {
  struct flock lock = whole_file();
  if (::fcntl(fd, F_OFD_SETLK, &lock) == 0) return Lock::kHeld;
  return errno == EAGAIN || errno == EACCES ? Lock::kOfOther : Lock::kUnknown;
}

bool is_still(int fd, const std::string& path) {
  struct stat named {};
  return ::lstat(host_path(path).c_str(), &named) == 0 && is_still_file(fd, named);
}

std::unexpected<Error> is_in_use(const std::string& part) {
  return fail(ExitCode::kOutput, "{}: is being written by a run that goes on; end that run, or take another name",
              part);
}

std::unexpected<Error> cannot_be_judged(const std::string& part, std::string_view why) {
  return fail(ExitCode::kOutput, "{}: already exists, and {}; move it away, or take another name", part, why);
}

Result<std::string> keep_aside(const std::string& part) {
  for (int number = 1; number <= kMostAside; ++number) {
    std::string aside = fmt::format("{}.{}", part, number);
    if (rename_new(host_path(part), host_path(aside)) == 0) return aside;
    if (errno == EEXIST) continue;
    return cannot_be_judged(part, fmt::format("cannot be kept aside as {}: {}", aside, std::strerror(errno)));
  }
  return cannot_be_judged(part, fmt::format("so are {} that were kept aside", kMostAside));
}

// None: what was there is out of the way, or is another one now.
Result<std::optional<FileDescriptor>> take_left_file(const std::string& part, bool force) {
  const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  FileDescriptor fd = beyond_standard_streams(::open(host_path(part).c_str(), flags));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd) return cannot_be_judged(part, fmt::format("cannot be opened: {}", std::strerror(errno)));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) return cannot_be_judged(part, "is no file");
  switch (lock_file(fd.get())) {
    case Lock::kOfOther:
      return is_in_use(part);
    case Lock::kUnknown:
      if (!force) return cannot_be_judged(part, "its file system does not tell whether a run writes it");
      break;
    case Lock::kHeld:
      break;
  }
  if (!is_still(fd.get(), part)) return std::nullopt;
  if (!force) {
    const std::string aside = TRY(keep_aside(part));
    log_warning("{}: was left by a run that did not end well; it is kept as {}", part, aside);
    return std::nullopt;
  }
  if (::ftruncate(fd.get(), 0) != 0 || ::fcntl(fd.get(), F_SETFL, 0) != 0)
    return cannot_be_judged(part, fmt::format("cannot be emptied: {}", std::strerror(errno)));
  return std::optional(std::move(fd));
}

}  // namespace

Result<FileDescriptor> open_part_file(const std::string& part, bool force) {
  for (int tries = 0; tries < kTries; ++tries) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    FileDescriptor fd = beyond_standard_streams(::open(host_path(part).c_str(), flags, 0666));
    if (fd) {
      // Whoever locked it first has taken it for a dead one, and moves it.
      if (lock_file(fd.get()) != Lock::kOfOther && is_still(fd.get(), part)) return fd;
      continue;
    }
    if (errno != EEXIST)
      return fail(ExitCode::kOutput, "{}: cannot be created: {}; check the folder and its permissions", part,
                  std::strerror(errno));
    if (auto taken = TRY(take_left_file(part, force))) return std::move(*taken);
  }
  return is_in_use(part);
}

LeftPart take_left_part(const std::string& part) {
  using State = LeftPart::State;
  FileDescriptor fd(::open(host_path(part).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!fd) return {errno == ENOENT ? State::kNone : State::kInUse, {}};
  struct stat status {};
  const bool is_dead = ::fstat(fd.get(), &status) == 0 && S_ISREG(status.st_mode) &&
                       lock_file(fd.get()) == Lock::kHeld && is_still(fd.get(), part);
  return {is_dead ? State::kDead : State::kInUse, is_dead ? std::move(fd) : FileDescriptor()};
}

Result<void> check_part_file(const std::string& part) {
  const FileDescriptor fd(::open(host_path(part).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!fd) return {};
  struct flock lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) return is_in_use(part);
  return {};
}

}  // namespace flowgauge
