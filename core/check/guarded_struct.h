// A struct that the host passes to a plugin, as a host of another minor would: longer by bytes that no plugin of today
// knows, or ending where reading on traps. Owns its memory.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

namespace flowgauge {

enum class Behind : std::uint8_t { kSlack, kJunk, kTrap };

template <class T>
class Passed {
 public:
  static constexpr std::size_t kMoreBytes = 64;

  // `size_bytes`: how many of the struct there are, a multiple of its alignment; the others lie behind.
  explicit Passed(Behind behind, std::size_t size_bytes = sizeof(T))
      : size_bytes_(size_bytes), page_bytes_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))) {
    void* pages = ::mmap(nullptr, 2 * page_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    pages_ = static_cast<unsigned char*>(pages);
    if (behind == Behind::kTrap) ::mprotect(pages_ + page_bytes_, page_bytes_, PROT_NONE);
    at_ = reinterpret_cast<T*>(pages_ + page_bytes_ - size_bytes);
    if (behind == Behind::kJunk) std::memset(pages_ + page_bytes_, 0xa5, kMoreBytes);
    at_->struct_size = static_cast<std::uint32_t>(size_bytes + (behind == Behind::kJunk ? kMoreBytes : 0));
  }
  Passed(const Passed&) = delete;
  Passed& operator=(const Passed&) = delete;
  ~Passed() { ::munmap(pages_, 2 * page_bytes_); }

  // struct_size stays what it is.
  T* operator=(T value) {
    value.struct_size = at_->struct_size;
    std::memcpy(static_cast<void*>(at_), &value, size_bytes_);
    return at_;
  }
  T* operator->() { return at_; }
  T* get() { return at_; }

 private:
  std::size_t size_bytes_;
  std::size_t page_bytes_;
  unsigned char* pages_ = nullptr;
  T* at_ = nullptr;
};

}  // namespace flowgauge
