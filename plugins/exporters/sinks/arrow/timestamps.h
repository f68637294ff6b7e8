// Columns of absolute times as Arrow's timestamps, in UTC.
#pragma once

#include <arrow/api.h>

#include <cstdint>
#include <memory>
#include <string>

namespace arrow_sinks {

// What the host says of a column of times: "ns", "us", "ms" or "s" since the epoch, or "text". Empty: it is no such
// column.
[[nodiscard]] std::string form_of_time(const arrow::Field& field);

// Cells of that form in that unit, rounded down; null is what 64 bits do not hold, which is counted.
[[nodiscard]] std::shared_ptr<arrow::Array> as_timestamps(const arrow::Array& cells, const std::string& form,
                                                          const std::shared_ptr<arrow::DataType>& type,
                                                          std::uint64_t& out_of_range);

}  // namespace arrow_sinks
