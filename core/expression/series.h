// The numbers that expressions take of a series: `iat.fwd.mean`. A row and a loop for each.
#pragma once

#include <span>
#include <string_view>

#include "core/expression/kernel.h"
#include "core/expression/value_type.h"

namespace flowgauge::expression {

struct SeriesMember {
  enum class Kind : std::uint8_t { kOfAll, kExtreme };

  std::string_view name;
  ValueType type;
  Operation operation;
  Kind kind = Kind::kOfAll;
};

[[nodiscard]] std::span<const SeriesMember> series_members();  // in the order of messages

}  // namespace flowgauge::expression
