// Memory for flow records: huge-page slabs and a free list. Records never move; a slab is never given back.
// Single-threaded: each shard owns one.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace flowgauge {

class RecordPool {
 public:
  explicit RecordPool(std::uint32_t record_bytes);  // rounded up to cache lines

  struct Allocated {
    unsigned char* record;  // aligned to 64, all zero
    std::uint32_t index;
  };
  Allocated allocate();
  void free(std::uint32_t index) { free_.push_back(index); }

  // Records that were ever given out: those below this index. A free one is as its flow left it.
  [[nodiscard]] std::uint32_t used() const { return used_; }

  [[nodiscard]] unsigned char* at(std::uint32_t index) const {
    return slabs_[index >> slab_shift_].begin + std::size_t{index & slab_mask_} * record_bytes_;
  }

 private:
  struct Unmap {
    std::size_t bytes;
    void operator()(void* mapping) const noexcept;
  };
  struct Slab {
    std::unique_ptr<void, Unmap> mapping;
    unsigned char* begin;  // within
  };

  void add_slab();

  std::uint32_t record_bytes_;
  std::uint32_t slab_shift_;
  std::uint32_t slab_mask_;
  std::uint32_t used_ = 0;
  std::vector<Slab> slabs_;
  std::vector<std::uint32_t> free_;
};

}  // namespace flowgauge
