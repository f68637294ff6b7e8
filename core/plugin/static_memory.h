// The memory of loaded objects that plugins may point to from their cells: it is there to the end of the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace flowgauge {

class StaticMemory {
 public:
  // Adds the readable segments of the object that `address` lies in.
  void add_object_of(const void* address);
  // The same without those that can be written: nobody but that object's own code may say what stands there.
  void add_constants_of(const void* address);

  [[nodiscard]] bool holds(const void* data, std::size_t size_bytes) const noexcept {
    return range_of(data, size_bytes) != nullptr;
  }
  // Whether nobody can write there.
  [[nodiscard]] bool is_constant(const void* data, std::size_t size_bytes) const noexcept {
    const Range* const range = range_of(data, size_bytes);
    return range != nullptr && range->is_constant;
  }

 private:
  struct Range {
    std::uintptr_t begin;
    std::size_t size_bytes;
    bool is_constant;
  };
  [[nodiscard]] const Range* range_of(const void* data, std::size_t size_bytes) const noexcept {
    const auto begin = reinterpret_cast<std::uintptr_t>(data);
    for (const Range& range : ranges_) {
      if (begin - range.begin < range.size_bytes && size_bytes <= range.size_bytes - (begin - range.begin))
        return &range;
    }
    return nullptr;
  }
  void add(const void* address, std::uint32_t unwanted_flags);

  std::vector<Range> ranges_;
};

}  // namespace flowgauge
