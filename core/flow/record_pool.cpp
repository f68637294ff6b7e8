#include "core/flow/record_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace flowgauge {
namespace {

constexpr std::size_t kHugePageBytes = std::size_t{2} << 20;
constexpr std::size_t kSlabBytes = std::size_t{16} << 20;

}  // namespace

RecordPool::RecordPool(std::uint32_t record_bytes) : record_bytes_((record_bytes + 63) / 64 * 64) {
  const auto records = std::bit_floor(static_cast<std::uint32_t>(std::max<std::size_t>(1, kSlabBytes / record_bytes_)));
  slab_shift_ = static_cast<std::uint32_t>(std::countr_zero(records));
  slab_mask_ = records - 1;
}

void RecordPool::Unmap::operator()(void* mapping) const noexcept { ::munmap(mapping, bytes); }

void RecordPool::add_slab() {
  const std::size_t bytes = std::size_t{slab_mask_ + 1} * record_bytes_;
  // Address space for a beginning on a huge page's border; what is not needed of it is never touched.
  const std::size_t reserved = bytes + kHugePageBytes;
  void* memory = ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  void* begin = memory;
  std::size_t space = reserved;
  std::align(kHugePageBytes, bytes, begin, space);
  ::madvise(begin, bytes, MADV_HUGEPAGE);  // advice: fewer TLB misses where the kernel has huge pages to give
  slabs_.push_back({std::unique_ptr<void, Unmap>(memory, Unmap{reserved}), static_cast<unsigned char*>(begin)});
}

RecordPool::Allocated RecordPool::allocate() {
  if (!free_.empty()) {
    const std::uint32_t index = free_.back();
    free_.pop_back();
    unsigned char* record = at(index);
    std::memset(record, 0, record_bytes_);
    return {record, index};
  }
  if (used_ >> slab_shift_ == slabs_.size()) add_slab();  // fresh pages are zero
  return {at(used_), used_++};
}

}  // namespace flowgauge
