// Ownership of a mapping of a file or a BPF map into memory.
#pragma once

#include <cstddef>
#include <utility>

#include "core/base/result.h"

namespace flowgauge {

class MemoryMap {
 public:
  enum class Access { kRead, kReadWrite };

  MemoryMap() = default;
  MemoryMap(MemoryMap&& other) noexcept
      : begin_(std::exchange(other.begin_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  MemoryMap& operator=(MemoryMap&& other) noexcept {
    std::swap(begin_, other.begin_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  MemoryMap(const MemoryMap&) = delete;
  MemoryMap& operator=(const MemoryMap&) = delete;
  ~MemoryMap();

  // Shared with the kernel, all pages present: the first pass over a ring costs no faults. `what` is for the message.
  [[nodiscard]] static Result<MemoryMap> of(int fd, std::size_t bytes, std::size_t offset, Access access,
                                            const char* what);

  template <class T>
  [[nodiscard]] T* as() const {
    return static_cast<T*>(begin_);
  }

 private:
  MemoryMap(void* begin, std::size_t bytes) noexcept : begin_(begin), bytes_(bytes) {}

  void* begin_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace flowgauge
