#include "core/export/number_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

namespace flowgauge {
namespace {

constexpr std::array<char, 200> kTwoDigits = [] {
  std::array<char, 200> digits{};
  for (std::size_t i = 0; i < 100; ++i) {
    digits[2 * i] = static_cast<char>('0' + i / 10);
    digits[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return digits;
}();

void write_two(char* out, std::uint32_t value) { std::memcpy(out, &kTwoDigits[2 * value], 2); }

// Eight digits with leading zeros; value < 10^8.
void write_eight(char* out, std::uint32_t value) {
  const std::uint32_t high = value / 10000;
  const std::uint32_t low = value % 10000;
  write_two(out, high / 100);
  write_two(out + 2, high % 100);
  write_two(out + 4, low / 100);
  write_two(out + 6, low % 100);
}

// Without leading zeros; value < 10^8. Stores up to 8 bytes, whatever the length.
char* write_up_to_eight(char* out, std::uint32_t value) {
  if (value < 10) {
    *out = static_cast<char>('0' + value);
    return out + 1;
  }
  if (value < 100) {
    write_two(out, value);
    return out + 2;
  }
  std::array<char, 16> digits{};
  write_eight(digits.data(), value);
  std::size_t zeros = 0;
  while (digits[zeros] == '0') ++zeros;
  std::memcpy(out, &digits[zeros], 8);
  return out + (8 - zeros);
}

constexpr std::uint32_t kEightDigits = 100'000'000;
constexpr double kTwoTo64 = 18446744073709551616.0;
// Below it x * 1000 has at most 15 digits, so that the shortest decimal of k / 1000 is the only one of that length.
constexpr double kThousandthsLimit = 4e9;

}  // namespace

char* write_u64(char* out, std::uint64_t value) {
  if (value < kEightDigits) return write_up_to_eight(out, static_cast<std::uint32_t>(value));
  const std::uint64_t high = value / kEightDigits;
  const auto low = static_cast<std::uint32_t>(value % kEightDigits);
  out = write_u64(out, high);
  write_eight(out, low);
  return out + 8;
}

char* write_i64(char* out, std::int64_t value) {
  auto magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  return write_u64(out, magnitude);
}

char* write_real(char* out, double value) {
  if (value < 0) {
    *out++ = '-';
    value = -value;
  }
  if (value < kTwoTo64) {
    const auto whole = static_cast<std::uint64_t>(value);
    if (static_cast<double>(whole) == value) return write_u64(out, whole);  // -0 as well
    if (value < kThousandthsLimit) {
      // Nanoseconds in microseconds, microseconds in milliseconds: most of what is not whole.
      const auto thousandths = static_cast<std::uint64_t>(value * 1000.0 + 0.5);
      if (static_cast<double>(thousandths) / 1000.0 == value) {
        out = write_u64(out, thousandths / 1000);
        const auto rest = static_cast<std::uint32_t>(thousandths % 1000);
        *out++ = '.';
        *out++ = static_cast<char>('0' + rest / 100);
        if (rest % 100 == 0) return out;
        *out++ = static_cast<char>('0' + rest / 10 % 10);
        if (rest % 10 != 0) *out++ = static_cast<char>('0' + rest % 10);
        return out;
      }
    }
  }
  return std::to_chars(out, out + kRealTextBytes - 1, value, std::chars_format::fixed).ptr;
}

}  // namespace flowgauge
