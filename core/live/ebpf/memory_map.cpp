#include "core/live/ebpf/memory_map.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>

namespace flowgauge {

MemoryMap::~MemoryMap() {
  if (begin_ != nullptr) ::munmap(begin_, bytes_);
}

Result<MemoryMap> MemoryMap::of(int fd, std::size_t bytes, std::size_t offset, Access access, const char* what) {
  const int protection = access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
  void* const begin = ::mmap(nullptr, bytes, protection, MAP_SHARED | MAP_POPULATE, fd, static_cast<::off_t>(offset));
  if (begin == MAP_FAILED) {
    return fail(ExitCode::kInput, "cannot map {} ({} bytes) into memory: {}", what, bytes, std::strerror(errno));
  }
  return MemoryMap(begin, bytes);
}

}  // namespace flowgauge
