// Loops over vectors of 64-bit integers without a branch for a row, for the compiler to make vector code of. Each says
// whether it holds for all rows; where it does not, what it wrote is void and the caller takes the exact way. Pure.
#pragma once

#include <bit>
#include <cstdint>

namespace flowgauge::expression::plain {

inline constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
// Integers of less than 51 bits become doubles, exactly, by being added to the bits of 1.5 * 2^52.
inline constexpr std::uint64_t kExactBelow = std::uint64_t{1} << 51;
inline constexpr double kShift = 0x1.8p52;

// All bits above the 52nd are 0 for integers from -2^51 to 2^51 - 1.
inline std::uint64_t beyond_exact(std::uint64_t value) { return (value + kExactBelow) >> 52; }
inline double exact_real(std::uint64_t value) {
  return std::bit_cast<double>(value + std::bit_cast<std::uint64_t>(kShift)) - kShift;
}

inline bool all_natural(const std::uint64_t* values, std::uint32_t rows) {
  std::uint64_t all = 0;
#pragma GCC unroll 4
  for (std::uint32_t row = 0; row < rows; ++row) all |= values[row];
  return all < kSign;
}

inline bool add(const std::uint64_t* a, const std::uint64_t* b, std::uint32_t rows, std::uint64_t* out) {
  std::uint64_t overflow = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint64_t sum = a[row] + b[row];
    overflow |= (a[row] ^ sum) & (b[row] ^ sum);
    out[row] = sum;
  }
  return overflow < kSign;
}

inline bool subtract(const std::uint64_t* a, const std::uint64_t* b, std::uint32_t rows, std::uint64_t* out) {
  std::uint64_t overflow = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint64_t difference = a[row] - b[row];
    overflow |= (a[row] ^ b[row]) & (a[row] ^ difference);
    out[row] = difference;
  }
  return overflow < kSign;
}

inline bool multiply(const std::uint64_t* a, const std::uint64_t* b, std::uint32_t rows, std::uint64_t* out) {
  bool overflow = false;
  for (std::uint32_t row = 0; row < rows; ++row) {
    std::int64_t product = 0;
    overflow |= __builtin_mul_overflow(static_cast<std::int64_t>(a[row]), static_cast<std::int64_t>(b[row]), &product);
    out[row] = static_cast<std::uint64_t>(product);
  }
  return !overflow;
}

inline bool negate(const std::uint64_t* values, std::uint32_t rows, std::uint64_t* out) {
  std::uint64_t overflow = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    out[row] = 0 - values[row];
    overflow |= values[row] & out[row];  // the lowest number alone keeps its sign
  }
  return overflow < kSign;
}

inline bool to_reals(const std::uint64_t* values, std::uint32_t rows, double* out) {
  std::uint64_t beyond = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    beyond |= beyond_exact(values[row]);
    out[row] = exact_real(values[row]);
  }
  return beyond == 0;
}

// out[row] = numerator(row) / denominator(row) rounded once; where the denominator is 0, 0 with the numerator's sign.
// Holds for denominators that are not negative.
template <class Numerator, class Denominator>
bool divide(std::uint32_t rows, Numerator numerator, Denominator denominator, double* out) {
  std::uint64_t beyond = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint64_t a = numerator(row);
    const std::uint64_t b = denominator(row);
    beyond |= beyond_exact(a) | b / kExactBelow;
    const std::uint64_t is_zero = b == 0 ? 1 : 0;
    const auto quotient = std::bit_cast<std::uint64_t>(exact_real(a) / exact_real(b + is_zero));
    out[row] = std::bit_cast<double>(quotient & (kSign | (is_zero - 1)));
  }
  return beyond == 0;
}

}  // namespace flowgauge::expression::plain
