// Parquet and Arrow IPC files, read by a program that comes with the package of those sinks, so that this one needs no
// library of Arrow's: it writes the rows as CSV into a pipe.
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/summary/table_reader.h"

namespace flowgauge {

[[nodiscard]] Result<std::unique_ptr<TableReader>> open_parquet(const std::string& path, const TableOpening& opening);

}  // namespace flowgauge
