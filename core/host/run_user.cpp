#include "core/host/run_user.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "core/base/handle.h"
#include "core/base/host_path.h"

namespace flowgauge {
namespace {

std::unexpected<Error> cannot_become(std::string_view what) {
  return fail(ExitCode::kPrivilege, "cannot go on as another user: {}: {}", what, std::strerror(errno));
}

// ---------------------------------------------------------------- what they may write

enum class Why : std::uint32_t { kNothing, kCannot, kIsOfOther };

struct WriteAnswer {
  Why why = Why::kNothing;
  int error = 0;
  std::uint64_t file = 0;
};

struct Place {
  std::string path, part, folder;
};

// What is there in a sticky folder can be replaced by its owner and the folder's alone.
bool is_of_other(const Place& place, const struct stat& folder, uid_t user) {
  if ((folder.st_mode & S_ISVTX) == 0 || folder.st_uid == user) return false;
  struct stat there {};
  return std::ranges::any_of(std::array{&place.path, &place.part}, [&](const std::string* path) {
    return ::lstat(path->c_str(), &there) == 0 && there.st_uid != user;
  });
}

// Only what is async-signal-safe: the process may have had threads.
WriteAnswer judge(const Place& place, uid_t user) {
  struct stat there {};
  if (::stat(place.path.c_str(), &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode))
    return ::faccessat(AT_FDCWD, place.path.c_str(), W_OK, AT_EACCESS) == 0 ? WriteAnswer()
                                                                            : WriteAnswer{Why::kCannot, errno};
  if (::faccessat(AT_FDCWD, place.folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0)
    return errno == ENOENT ? WriteAnswer() : WriteAnswer{Why::kCannot, errno};
  struct stat folder {};
  if (::stat(place.folder.c_str(), &folder) == 0 && is_of_other(place, folder, user)) return {Why::kIsOfOther, EPERM};
  return {};
}

[[noreturn]] void answer_as(const UserIds& ids, std::span<const Place> places, int answers) {
  WriteAnswer answer;
  if (const int error = become_for_good(ids); error != 0) ::_exit(error);
  for (std::size_t i = 0; i < places.size() && answer.why == Why::kNothing; ++i) {
    answer = judge(places[i], ids.user);
    answer.file = i;
  }
  ::_exit(::write(answers, &answer, sizeof answer) == sizeof answer ? 0 : EIO);
}

// ---------------------------------------------------------------- becoming them

constexpr auto kAsItIs = static_cast<uid_t>(-1);

int take_groups(const UserIds& ids) noexcept {
  if (::setgroups(ids.group_count, ids.groups.data()) != 0) return errno;
  return ::setresgid(ids.group, ids.group, ids.group) == 0 ? 0 : errno;
}

// The kernel forgets it where a process changes its user or group.
class KeptDeathSignal {
 public:
  KeptDeathSignal() { ::prctl(PR_GET_PDEATHSIG, &signal_, 0, 0, 0); }
  KeptDeathSignal(const KeptDeathSignal&) = delete;
  KeptDeathSignal& operator=(const KeptDeathSignal&) = delete;
  ~KeptDeathSignal() { ::prctl(PR_SET_PDEATHSIG, signal_, 0, 0, 0); }

 private:
  int signal_ = 0;
};

}  // namespace

Result<std::optional<UserIds>> find_user(const std::string& name) {
  std::vector<char> memory(16'384);
  passwd entry{};
  passwd* found = nullptr;
  while (::getpwnam_r(name.c_str(), &entry, memory.data(), memory.size(), &found) == ERANGE)
    memory.resize(memory.size() * 2);
  if (found == nullptr) return std::nullopt;
  UserIds ids{.user = entry.pw_uid, .group = entry.pw_gid};
  int count = UserIds::kMostGroups;
  if (::getgrouplist(name.c_str(), entry.pw_gid, ids.groups.data(), &count) < 0)
    return fail(ExitCode::kPrivilege, "user '{}' is in more than {} groups; name another one", name,
                UserIds::kMostGroups);
  ids.group_count = static_cast<std::uint32_t>(count);
  return ids;
}

Result<std::optional<Unwritable>> find_unwritable(const UserIds& ids, std::span<const std::string> files) {
  std::vector<Place> places;
  for (const std::string& file : files) {
    const std::string path = host_path(file);
    std::string folder = std::filesystem::path(path).parent_path().string();
    places.push_back({path, path + ".part", folder.empty() ? "." : std::move(folder)});
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return cannot_become("a pipe");
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return cannot_become("a process");
  if (child == 0) answer_as(ids, places, writing.get());
  writing = FileDescriptor();
  WriteAnswer answer;
  ssize_t bytes = 0;
  do bytes = ::read(reading.get(), &answer, sizeof answer);
  while (bytes < 0 && errno == EINTR);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (bytes != sizeof answer) {
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
    return cannot_become("to try what they may write");
  }
  if (answer.why == Why::kNothing) return std::nullopt;
  return Unwritable{answer.file,
                    answer.why == Why::kIsOfOther
                        ? "it is there already, of another user, in a folder in which only its owner may replace it"
                        : std::strerror(answer.error)};
}

Result<void> begin_to_become(const UserIds& ids) {
  const KeptDeathSignal kept;
  if (const int error = take_groups(ids); error != 0) {
    errno = error;
    return cannot_become("its groups");
  }
  if (::setresuid(ids.user, kAsItIs, ids.user) != 0) return cannot_become("its number");
  return {};
}

Result<void> become(const UserIds& ids, CapabilitySet keep) {
  const KeptDeathSignal kept;
  if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return cannot_become("its capabilities");
  if (::setresuid(ids.user, ids.user, ids.user) != 0) return cannot_become("its number");
  ::prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
  return reduce_capabilities(keep);
}

int become_for_good(const UserIds& ids) noexcept {
  seal_capabilities();
  if (const int error = take_groups(ids); error != 0) return error;
  return ::setresuid(ids.user, ids.user, ids.user) == 0 ? 0 : errno;  // with it all capabilities go
}

}  // namespace flowgauge
