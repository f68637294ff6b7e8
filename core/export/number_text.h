// Numbers as text, for every text format (docs/semantics.md, section 5). Hot: no allocation, no locale. Stateless.
// Each function writes at `out` and returns the end of what it wrote.
#pragma once

#include <cstddef>
#include <cstdint>

namespace flowgauge {

inline constexpr std::size_t kIntegerTextBytes = 20;  // -9223372036854775808
// -5e-324 takes 327 characters, the greatest double 310; some more because the writers store whole words.
inline constexpr std::size_t kRealTextBytes = 352;

// Both need kIntegerTextBytes + 8 at `out`: they store 8 digits at a time.
char* write_u64(char* out, std::uint64_t value);
char* write_i64(char* out, std::int64_t value);

// The shortest decimal that reads back as `value`, never with an exponent, ".0" or "-0". A whole number is written in
// full. Needs kRealTextBytes. `value` is finite.
char* write_real(char* out, double value);

}  // namespace flowgauge
