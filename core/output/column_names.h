// The columns of a table by its first line: the header of CSV, the keys of a JSON object. Stateless.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/output/table_format.h"
#include "core/table/schema.h"

namespace flowgauge {

// A line that has these columns.
[[nodiscard]] std::string line_with_columns(TableFormat format, std::span<const OutputColumn> columns);

// None: both lines have the same columns in the same order. Else the first difference, in words.
[[nodiscard]] std::optional<std::string> different_column(TableFormat format, std::string_view there,
                                                          std::string_view here);

}  // namespace flowgauge
