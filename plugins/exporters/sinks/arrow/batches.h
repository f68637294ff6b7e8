// Batches as Arrow C++ has them, in the types of the file.
#pragma once

#include <arrow/api.h>

#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace arrow_sinks {

enum class Numbers { kInt64, kUint64 };
struct CellTypes {
  Numbers numbers;                            // of columns without a sign
  std::optional<arrow::TimeUnit::type> time;  // of columns of absolute times; none: as the host has them
};

class Batches {
 public:
  Batches(const ArrowSchema& schema, const CellTypes& types);

  [[nodiscard]] const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  // A cell that its type cannot hold is null then.
  [[nodiscard]] std::shared_ptr<arrow::RecordBatch> convert(fg::Batch batch);
  // Says how many cells became null for that.
  void warn_of_nulls(const fg_host& host) const;

 private:
  std::shared_ptr<arrow::Array> as_signed(const std::shared_ptr<arrow::Array>& array);

  std::shared_ptr<arrow::Schema> given_;
  std::shared_ptr<arrow::Schema> schema_;
  std::vector<std::string> time_forms_;  // of columns that become timestamps; else empty
  std::uint64_t numbers_out_of_range_ = 0;
  std::uint64_t times_out_of_range_ = 0;
};

}  // namespace arrow_sinks
