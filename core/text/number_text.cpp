#include "core/text/number_text.h"

#include <charconv>

#include "core/text/shortest_decimals.h"

namespace flowgauge {
namespace {

using number_text_detail::kEightDigits;

constexpr double kTwoTo63 = 9223372036854775808.0;

}  // namespace

char* write_many_digits(char* out, std::uint64_t value) {
  out = write_u64(out, value / kEightDigits);
  number_text_detail::write_eight(out, static_cast<std::uint32_t>(value % kEightDigits));
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

char* write_other_real(char* out, double value) {
  if (value < 0) {
    *out++ = '-';
    value = -value;
  }
  if (value >= kTwoTo63) return std::to_chars(out, out + kRealTextBytes - 1, value, std::chars_format::fixed).ptr;
  const auto whole = static_cast<std::int64_t>(value);  // signed, which the processor can convert
  const auto natural = static_cast<std::uint64_t>(whole);
  if (static_cast<double>(whole) == value) return write_u64(out, natural);
  return write_decimals(write_u64(out, natural), shortest_decimals(value, natural));
}

}  // namespace flowgauge
