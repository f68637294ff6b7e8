#include "core/plugin/trust.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/auxv.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/base/log.h"
#include "core/base/nanoseconds.h"
#include "core/base/same_file.h"
#include "core/base/try.h"
#include "core/plugin/access_list.h"
#include "core/plugin/search.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kLargestFileBytes = std::uint64_t{1} << 30;

// A look-up in the user database; the entry's texts live in `memory`.
template <class Entry, class Lookup>
std::optional<Entry> look_up(Lookup lookup, std::array<char, 16384>& memory) {
  Entry entry;
  Entry* found = nullptr;
  if (lookup(&entry, memory.data(), memory.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return entry;
}

// The user's name and no other member: what `useradd` makes where each user has a group of their own.
bool is_private_group(gid_t group, uid_t user) {
  std::array<char, 16384> user_memory;
  std::array<char, 16384> group_memory;
  const auto owner = look_up<passwd>([&](passwd* entry, char* memory, std::size_t size,
                                         passwd** found) { return getpwuid_r(user, entry, memory, size, found); },
                                     user_memory);
  if (!owner || owner->pw_gid != group) return false;
  const auto members =
      look_up<struct group>([&](struct group* entry, char* memory, std::size_t size,
                                struct group** found) { return getgrgid_r(group, entry, memory, size, found); },
                            group_memory);
  if (!members || std::strcmp(members->gr_name, owner->pw_name) != 0) return false;
  for (char** member = members->gr_mem; *member != nullptr; ++member) {
    if (std::strcmp(*member, owner->pw_name) != 0) return false;
  }
  return true;
}

// Set-user-ID, or capabilities of its own: what its user wrote must not run with them.
bool has_more_rights_than_its_user() { return ::getauxval(AT_SECURE) != 0; }

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "something else";
}

// A list can let others write only where the mode's bits of the group, which are then its mask, do.
std::string distrust_list_of(const std::string& path, const struct stat& status, uid_t user, const CodeWriters& code) {
  const bool is_sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if ((status.st_mode & S_IWGRP) == 0 || is_sticky_folder) return {};
  std::vector<std::uint8_t> attribute(std::size_t{64} * 1024);  // the most that an attribute may have
  const ssize_t size = ::getxattr(path.c_str(), "system.posix_acl_access", attribute.data(), attribute.size());
  if (size < 0) return errno == ENODATA || errno == ENOTSUP ? "" : "has an access list that cannot be read";
  attribute.resize(static_cast<std::size_t>(size));
  return distrust_list(attribute, user, code);
}

// In a user namespace (a rootless container) one number stands for all users that it has none for: for root of the
// machine as well as for any stranger there. None: this is no such namespace.
std::optional<uid_t> number_of_strangers() {
  std::uint64_t inside = 0, outside = 0, count = 0;
  if (!(std::ifstream("/proc/self/uid_map") >> inside >> outside >> count)) return std::nullopt;
  if (inside == 0 && outside == 0 && count == UINT32_MAX) return std::nullopt;
  uid_t number = 0;
  if (!(std::ifstream("/proc/sys/kernel/overflowuid") >> number)) return std::nullopt;
  return number;
}

// What the program was installed with: its plugins, and the libraries that they bring.
bool is_of_installation(const std::filesystem::path& real) {
  for (const std::string& folder : default_search_path({}).installed) {
    std::error_code error;
    const std::string home = std::filesystem::canonical(folder, error).parent_path().string() + "/";
    if (!error && real.string().starts_with(home)) return true;
  }
  return false;
}

// Who wrote the program may be such a number too. It then vouches for what the program was installed with, and for
// folders, which somebody has to own; not for a stranger's file.
CodeWriters writers_of_file(const std::filesystem::path& real, CodeWriters code) {
  static const std::optional<uid_t> kStrangers = number_of_strangers();
  if (kStrangers && !is_of_installation(real)) std::erase(code.users, *kStrangers);
  return code;
}

// What is wrong with the file or a folder above it, as the part of a sentence after "PATH: "; empty if nothing.
std::string distrust_path(const TrustedFile& file, const struct stat& opened) {
  const bool has_more_rights = has_more_rights_than_its_user();
  const uid_t user = has_more_rights ? 0 : ::geteuid();
  const CodeWriters code = has_more_rights ? CodeWriters{} : code_writers();
  std::error_code error;
  const std::filesystem::path real =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(file.descriptor.get()), error);
  struct stat named {};
  if (error || ::stat(real.c_str(), &named) != 0 || !is_same_file(named, opened))
    return "its real place cannot be found, so that nobody can say who may change it";
  const bool is_elsewhere = real != std::filesystem::absolute(file.path, error).lexically_normal();
  const auto distrust_all = [&](const std::filesystem::path& path, const struct stat& status, const CodeWriters& by) {
    const std::string why = distrust(status, user, by);
    return why.empty() ? distrust_list_of(path, status, user, by) : why;
  };
  if (const std::string why = distrust_all(real, opened, writers_of_file(real, code)); !why.empty())
    return is_elsewhere ? "is really " + real.string() + ", which " + why : why;
  for (std::filesystem::path folder = real.parent_path();; folder = folder.parent_path()) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) return "the folder " + folder.string() + " above it cannot be examined";
    if (const std::string why = distrust_all(folder, status, code); !why.empty())
      return "the folder " + folder.string() + " above it " + why;
    if (folder == folder.root_path()) return {};
  }
}

}  // namespace

std::string distrust(const struct stat& status, uid_t user, const CodeWriters& code) {
  if (status.st_uid != 0 && status.st_uid != user && !code.has_user(status.st_uid))
    return fmt::format("is owned by user {}", status.st_uid);
  const bool is_sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if (is_sticky_folder) return {};
  if ((status.st_mode & S_IWOTH) != 0) return "can be written by everybody";
  if ((status.st_mode & S_IWGRP) != 0 && status.st_gid != 0 && !code.has_group(status.st_gid) &&
      !is_private_group(status.st_gid, user))
    return fmt::format("can be written by group {}", status.st_gid);
  return {};
}

std::string distrust_list(std::span<const std::uint8_t> attribute, uid_t user, const CodeWriters& code) {
  const ListedWriters writers = listed_writers(attribute);
  if (!writers.is_readable) return "has an access list that cannot be read";
  for (const uid_t writer : writers.users)
    if (writer != 0 && writer != user && !code.has_user(writer))
      return fmt::format("can be written by user {} (its access list)", writer);
  for (const gid_t writer : writers.groups)
    if (writer != 0 && !code.has_group(writer) && !is_private_group(writer, user))
      return fmt::format("can be written by group {} (its access list)", writer);
  return {};
}

Result<TrustedFile> open_to_look(const std::string& path) {
  TrustedFile file;
  file.path = path;
  // Not blocking: opening a FIFO would wait for a writer for ever.
  file.descriptor = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.descriptor) {
    if (errno == ENOENT) return fail(ExitCode::kPlugin, "{}: does not exist; check the name and the folder", path);
    return fail(ExitCode::kPlugin, "{}: cannot be opened ({}); make it readable for the user that runs flowgauge", path,
                std::strerror(errno));
  }
  struct stat status {};
  if (::fstat(file.descriptor.get(), &status) != 0)
    return fail(ExitCode::kPlugin, "{}: cannot be examined ({}); check the file system", path, std::strerror(errno));
  if (!S_ISREG(status.st_mode))
    return fail(ExitCode::kPlugin, "{}: is {}, not a regular file; give the plugin's .so file", path,
                kind_of(status.st_mode));
  file.device = status.st_dev;
  file.inode = status.st_ino;
  file.size_bytes = static_cast<std::uint64_t>(status.st_size);
  file.changed_ns = std::int64_t{status.st_ctim.tv_sec} * kNsPerSecond + status.st_ctim.tv_nsec;
  if (file.size_bytes > kLargestFileBytes)
    return fail(ExitCode::kPlugin, "{}: is larger than 1 GiB; give the plugin's .so file", path);
  return file;
}

Result<TrustedFile> open_trusted(const std::string& path, TrustRule rule) {
  Result<TrustedFile> file = open_to_look(path);
  if (!file) return file;
  struct stat status {};
  if (::fstat(file->descriptor.get(), &status) != 0)
    return fail(ExitCode::kPlugin, "{}: cannot be examined ({}); check the file system", path, std::strerror(errno));
  const std::string why = distrust_path(*file, status);
  if (why.empty()) return file;
  if (has_more_rights_than_its_user()) {
    return fail(
        ExitCode::kPlugin,
        "{}: {}, and this program has rights that its users do not have, so that only what root alone owns and can "
        "write is loaded (chown root, chmod go-w)",
        path, why);
  }
  if (rule == TrustRule::kAnyFile) {
    log_warning("{}: {}; loaded all the same, since --insecure-plugins was given", path, why);
    return file;
  }
  return fail(ExitCode::kPlugin,
              "{}: {}, so that others could run code with your rights; let only root or yourself own and write it "
              "(chown, chmod go-w), or accept the risk with --insecure-plugins",
              path, why);
}

Result<std::span<const std::uint8_t>> read_at(const TrustedFile& file, std::uint64_t offset,
                                              std::span<std::uint8_t> buffer) {
  const std::size_t wanted =
      std::min<std::uint64_t>(buffer.size(), file.size_bytes - std::min(file.size_bytes, offset));
  for (;;) {
    const ssize_t got = ::pread(file.descriptor.get(), buffer.data(), wanted, static_cast<off_t>(offset));
    if (got >= 0) return buffer.first(static_cast<std::size_t>(got));
    if (errno != EINTR)
      return fail(ExitCode::kPlugin, "{}: cannot be read ({}); check the file system", file.path, std::strerror(errno));
  }
}

Result<std::vector<std::uint8_t>> read_all(const TrustedFile& file) {
  std::vector<std::uint8_t> bytes(file.size_bytes);
  std::size_t have = 0;
  while (have < bytes.size()) {
    const std::size_t got = TRY(read_at(file, have, std::span(bytes).subspan(have))).size();
    if (got == 0) break;  // it has become shorter
    have += got;
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace flowgauge
