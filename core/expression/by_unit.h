// Division by a unit of time.
#pragma once

#include <cstdint>
#include <type_traits>

namespace flowgauge::expression {

// work(divisor), where a unit's divisor is a constant: the compiler then multiplies instead.
template <class Work>
void by_unit(std::int64_t divisor, Work work) {
  switch (divisor) {
    case 1'000:
      return work(std::integral_constant<std::int64_t, 1'000>());
    case 1'000'000:
      return work(std::integral_constant<std::int64_t, 1'000'000>());
    case 1'000'000'000:
      return work(std::integral_constant<std::int64_t, 1'000'000'000>());
    default:
      return work(divisor);
  }
}

}  // namespace flowgauge::expression
