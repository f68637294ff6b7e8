// Where the characters stand that part cells of CSV: 64 bytes at a time, without a branch for each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace flowgauge {

class Structural {
 public:
  static constexpr std::size_t kBytes = 64;

  explicit Structural(char delimiter) : delimiter_(delimiter) {}

  // Bit i: the byte at base + i is the delimiter, a quote or a line feed. As many bytes may be read behind the end.
  [[nodiscard]] std::uint64_t in(std::string_view bytes, std::size_t base) const {
    const std::uint64_t mask = of(bytes.data() + base);
    const std::size_t left = bytes.size() - base;
    return left >= kBytes ? mask : mask & ((std::uint64_t{1} << left) - 1);
  }

 private:
#if defined(__SSE2__)
  [[nodiscard]] std::uint64_t of(const char* bytes) const {
    std::uint64_t mask = 0;
    for (int part = 0; part < 4; ++part) {
      const __m128i here = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * part));
      const __m128i found = _mm_or_si128(
          _mm_or_si128(_mm_cmpeq_epi8(here, _mm_set1_epi8(delimiter_)), _mm_cmpeq_epi8(here, _mm_set1_epi8('\n'))),
          _mm_cmpeq_epi8(here, _mm_set1_epi8('"')));
      mask |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(found))) << (16 * part);
    }
    return mask;
  }
#else
  [[nodiscard]] std::uint64_t of(const char* bytes) const {
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < kBytes; ++i) {
      const bool found = bytes[i] == delimiter_ || bytes[i] == '\n' || bytes[i] == '"';
      mask |= std::uint64_t{found} << i;
    }
    return mask;
  }
#endif

  char delimiter_;
};

}  // namespace flowgauge
