// The options by which a user chooses the types of cells.
#pragma once

#include <flowgauge/sdk.hpp>
#include <optional>
#include <string_view>

#include "batches.h"

namespace arrow_sinks {

inline constexpr fg::Option kUint64{"uint64", "Numbers without a sign as uint64; else int64, which more readers know",
                                    FG_BOOL, FG_UNIT_NONE, "false"};
inline constexpr fg::Option kTime =
    fg::Option{"time", "Absolute times as timestamps of that unit, in UTC; plain: texts and numbers, as in CSV",
               FG_STRING, FG_UNIT_NONE, "plain"}
        .one_of<"plain", "us", "ns">();

// Of a sink that has both.
template <class Sink>
[[nodiscard]] CellTypes cell_types(const fg::SinkOpen<Sink>& open) {
  const std::string_view time = open.template get<"time">();
  CellTypes types{.numbers = open.template get<"uint64">() ? Numbers::kUint64 : Numbers::kInt64, .time = std::nullopt};
  if (time == "us") types.time = arrow::TimeUnit::MICRO;
  if (time == "ns") types.time = arrow::TimeUnit::NANO;
  return types;
}

}  // namespace arrow_sinks
