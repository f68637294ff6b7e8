// The schema of an output as the Arrow C data interface has it: a struct whose fields are the columns.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/output/arrow_abi.h"
#include "core/output/arrow_column.h"
#include "core/table/schema.h"

namespace flowgauge {

using ArrowMetadata = std::vector<std::pair<std::string, std::string>>;  // keys and values, in order

// What readers of a column should know: its name begins with "flowgauge.". Of the column itself: unit, classes.
[[nodiscard]] ArrowMetadata arrow_metadata(const OutputColumn& column);

// `more`: for each column metadata behind its own, or nothing at all; `table`: that of the whole. The result is to be
// released.
[[nodiscard]] ArrowSchema arrow_schema(std::span<const OutputColumn> columns, UnsignedAs unsigned_as,
                                       std::span<const ArrowMetadata> more = {}, const ArrowMetadata& table = {});

}  // namespace flowgauge
