// Items of one kind that lie one stride apart, with junk between them: who steps by sizeof reads that.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "core/plugin/record_layout.h"

namespace flowgauge {

template <class T>
class Strided {
 public:
  // Junk everywhere, `more` bytes of it behind each item; a multiple of 8. `item_bytes`: how many of an item there are.
  void resize(std::size_t count, std::uint32_t more, std::size_t item_bytes = sizeof(T)) {
    item_bytes_ = item_bytes;
    stride_ = round_up(static_cast<std::uint32_t>(item_bytes), 8) + more;
    words_.assign(count * stride_ / 8, 0xa5a5a5a5a5a5a5a5);
  }
  void set(std::size_t index, const T& item) {
    std::memcpy(reinterpret_cast<unsigned char*>(words_.data()) + index * stride_, &item, item_bytes_);
  }
  [[nodiscard]] std::uint32_t stride() const { return stride_; }
  [[nodiscard]] const unsigned char* bytes() const { return reinterpret_cast<const unsigned char*>(words_.data()); }
  [[nodiscard]] const std::vector<std::uint64_t>& words() const { return words_; }

 private:
  std::vector<std::uint64_t> words_;
  std::size_t item_bytes_ = sizeof(T);
  std::uint32_t stride_ = 0;
};

}  // namespace flowgauge
