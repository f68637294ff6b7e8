// Makes one table of the tables of several runs, each over a part of a capture's flows. The bytes are those of one run
// over all of them. It streams: memory does not grow with the tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/ordered_table.h"

namespace flowgauge {

struct TableMerge {
  std::vector<std::string> inputs;  // CSV tables with the order columns; "-": standard input
  std::string output = "-";         // written as PATH.part until it is whole
  MergedColumns columns = MergedColumns::kWithoutOrder;
  bool force = false;  // replace an existing file

  bool operator==(const TableMerge&) const = default;
};

// Returns how many rows. An error after the first row leaves PATH.part with the rows before it, and says so.
[[nodiscard]] Result<std::uint64_t> merge_tables(const TableMerge& merge, const StopRequest& stop);

}  // namespace flowgauge
