#include "core/plugin/sealed_copy.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "core/base/try.h"

namespace flowgauge {
namespace {

constexpr unsigned int kExecutable = 0x10;       // MFD_EXEC, since Linux 6.3: asked for, or it may be taken away
constexpr std::size_t kPieceBytes = 256 * 1024;  // stays in a processor's cache between reading and writing

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

// False: there is no memory for it, or no memory files.
Result<bool> copy_pieces(const TrustedFile& file, int to) {
  std::vector<std::uint8_t> piece(std::min<std::uint64_t>(file.size_bytes, kPieceBytes));
  for (std::uint64_t at = 0; at < file.size_bytes;) {
    const std::span<const std::uint8_t> read = TRY(read_at(file, at, piece));
    if (read.empty()) break;  // it has become shorter
    if (!write_all(to, read)) return false;
    at += read.size();
  }
  return true;
}

// None: it is empty, or cannot be shown.
SealedCopy shown(FileDescriptor file) {
  const off_t size = ::lseek(file.get(), 0, SEEK_END);
  if (size <= 0) return {};
  const auto bytes = static_cast<std::size_t>(size);
  void* const pages = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (pages == MAP_FAILED) return {};
  const auto unmap = [bytes](const void* at) { ::munmap(const_cast<void*>(at), bytes); };
  std::shared_ptr<const void> memory(pages, unmap);
  if (!may_run(file.get())) file = FileDescriptor();
  return {std::move(file), {static_cast<const std::uint8_t*>(pages), bytes}, std::move(memory)};
}

}  // namespace

Result<SealedCopy> sealed_copy(const TrustedFile& file) {
  constexpr int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  FileDescriptor made = memory_file(file.path.substr(file.path.rfind('/') + 1));
  if (made && TRY(copy_pieces(file, made.get())) && ::fcntl(made.get(), F_ADD_SEALS, seals) == 0) {
    if (SealedCopy copy = shown(std::move(made)); copy.memory != nullptr) return copy;
  }
  const auto bytes = std::make_shared<const std::vector<std::uint8_t>>(TRY(read_all(file)));
  return SealedCopy{{}, *bytes, bytes};
}

}  // namespace flowgauge
