// The schema of an output as the Arrow C data interface has it: a struct whose fields are the columns.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/output/arrow_abi.h"
#include "core/output/arrow_column.h"
#include "core/table/row_sink.h"

namespace flowgauge {

// What readers of a column should know: each key begins with "flowgauge.". Of the column itself: unit, classes.
[[nodiscard]] Notes arrow_metadata(const OutputColumn& column);

// Notes of the columns stand behind their own metadata; there may be none. The result is to be released.
[[nodiscard]] ArrowSchema arrow_schema(std::span<const OutputColumn> columns, UnsignedAs unsigned_as,
                                       const TableNotes& notes = {});

}  // namespace flowgauge
