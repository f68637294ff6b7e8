#include "core/check/trapped_payloads.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace flowgauge {

TrappedPayloads::TrappedPayloads(std::size_t count)
    : page_bytes_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))), count_(count) {
  void* const pages = ::mmap(nullptr, 2 * count * page_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  pages_ = static_cast<std::uint8_t*>(pages);
  for (std::size_t i = 0; i < count; ++i) ::mprotect(pages_ + 2 * i * page_bytes_, page_bytes_, PROT_READ | PROT_WRITE);
}

TrappedPayloads::~TrappedPayloads() { ::munmap(pages_, 2 * count_ * page_bytes_); }

fg_payload TrappedPayloads::put(std::size_t index, std::span<const std::uint8_t> bytes) {
  std::uint8_t* const begin = pages_ + (2 * index + 1) * page_bytes_ - bytes.size();
  std::ranges::copy(bytes, begin);
  return {begin, static_cast<std::uint32_t>(bytes.size()), 0};
}

}  // namespace flowgauge
