// The units of time that expressions know.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace flowgauge::expression {

struct TimeUnit {
  std::string_view name;
  std::int64_t ns;
};
inline constexpr std::array kTimeUnits = {TimeUnit{"ns", 1}, TimeUnit{"us", 1'000}, TimeUnit{"ms", 1'000'000},
                                          TimeUnit{"s", 1'000'000'000}};

[[nodiscard]] inline std::optional<std::int64_t> time_unit_ns(std::string_view name) {
  const auto* const found = std::ranges::find(kTimeUnits, name, &TimeUnit::name);
  return found == kTimeUnits.end() ? std::nullopt : std::optional(found->ns);
}

}  // namespace flowgauge::expression
