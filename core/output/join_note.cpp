#include "core/output/join_note.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/host_path.h"

namespace flowgauge {
namespace {

constexpr std::size_t kMostBytes = 128;

std::string name_of_note(const std::string& path) { return host_path(path + ".joining"); }

}  // namespace

std::optional<JoinNote> JoinNote::of(const std::string& path) {
  const FileDescriptor fd(::open(name_of_note(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!fd) return std::nullopt;
  std::array<char, kMostBytes> text{};
  const ssize_t count = ::read(fd.get(), text.data(), text.size() - 1);
  if (count <= 0 || text[static_cast<std::size_t>(count) - 1] != '\n') return std::nullopt;
  std::uint64_t bytes = 0;
  std::uint64_t header_bytes = 0;
  std::uint64_t inode = 0;
  if (std::sscanf(text.data(), "%" SCNu64 " %" SCNu64 " %" SCNu64, &bytes, &header_bytes, &inode) != 3)
    return std::nullopt;
  return JoinNote{static_cast<off_t>(bytes), header_bytes, inode};
}

bool JoinNote::write(const std::string& path) const {
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  const FileDescriptor fd(::open(name_of_note(path).c_str(), flags, 0666));
  if (!fd) return false;
  const std::string text = fmt::format("{} {} {}\n", bytes, header_bytes, inode);
  return ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fdatasync(fd.get()) == 0;
}

void JoinNote::remove(const std::string& path) const { ::unlink(name_of_note(path).c_str()); }

bool JoinNote::cut(const std::string& path) const {
  const FileDescriptor fd(::open(host_path(path).c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  return fd && ::fstat(fd.get(), &status) == 0 && status.st_ino == inode && status.st_size >= bytes &&
         ::ftruncate(fd.get(), bytes) == 0;
}

}  // namespace flowgauge
