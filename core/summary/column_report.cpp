#include "core/summary/column_report.h"

#include <array>

namespace flowgauge {

std::string_view type_name_of(ColumnReport::Type type) {
  static constexpr std::array<std::string_view, 6> kNames = {"empty", "whole", "real", "text", "time", "mixed"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace flowgauge
