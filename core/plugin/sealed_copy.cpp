#include "core/plugin/sealed_copy.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace flowgauge {
namespace {

constexpr unsigned int kExecutable = 0x10;  // MFD_EXEC, since Linux 6.3: asked for, or it may be taken away

FileDescriptor memory_file(const std::string& name) {
  constexpr unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  FileDescriptor file(::memfd_create(name.c_str(), flags | kExecutable));
  if (!file && errno == EINVAL) file = FileDescriptor(::memfd_create(name.c_str(), flags));
  return file;
}

bool write_all(int descriptor, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

// Policies such as SELinux's may forbid it.
bool may_run(int descriptor) {
  void* page = ::mmap(nullptr, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, descriptor, 0);
  if (page == MAP_FAILED) return false;
  ::munmap(page, 1);
  return true;
}

}  // namespace

FileDescriptor sealed_copy(std::span<const std::uint8_t> bytes, const std::string& name) {
  FileDescriptor file = memory_file(name);
  constexpr int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  const bool made = file && write_all(file.get(), bytes) && ::fcntl(file.get(), F_ADD_SEALS, seals) == 0;
  return made && may_run(file.get()) ? std::move(file) : FileDescriptor();
}

}  // namespace flowgauge
