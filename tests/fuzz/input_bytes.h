// Takes values from an input, one behind the other; behind its end all are 0 or empty.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace flowgauge::test {

class InputBytes {
 public:
  InputBytes(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  template <class T>
  T take() {
    // Not by memcpy into a T: g++ 12 leaves a T of one byte as it was where nothing is left.
    std::array<char, sizeof(T)> value{};
    const std::string_view taken = rest_.substr(0, sizeof(T));
    std::ranges::copy(taken, value.begin());
    rest_.remove_prefix(taken.size());
    return std::bit_cast<T>(value);
  }
  // Less than `end`, which is at most 256.
  std::size_t below(std::size_t end) { return take<std::uint8_t>() % end; }
  // Up to a line feed, which is taken too.
  std::string line() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return text;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace flowgauge::test
