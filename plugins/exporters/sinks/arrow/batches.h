// Batches as Arrow C++ has them, in the types of the file.
#pragma once

#include <arrow/api.h>

#include <flowgauge/sdk.hpp>
#include <memory>
#include <stdexcept>
#include <string>

namespace arrow_sinks {

// Throws what went wrong, in Arrow's words.
inline void check(const arrow::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.message());
}
template <class T>
T value_of(arrow::Result<T> result) {
  check(result.status());
  return std::move(result).ValueUnsafe();
}

enum class Numbers { kInt64, kUint64 };

class Batches {
 public:
  Batches(const ArrowSchema& schema, Numbers numbers);

  // Columns without a sign are int64 unless asked for otherwise.
  [[nodiscard]] const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }
  // A number that int64 cannot hold is null then.
  [[nodiscard]] std::shared_ptr<arrow::RecordBatch> convert(fg::Batch batch);
  [[nodiscard]] std::uint64_t out_of_range() const { return out_of_range_; }

 private:
  std::shared_ptr<arrow::Array> as_signed(const std::shared_ptr<arrow::Array>& array);

  std::shared_ptr<arrow::Schema> given_;
  std::shared_ptr<arrow::Schema> schema_;
  std::uint64_t out_of_range_ = 0;
};

// Says so, where cells became null for that.
void warn_of_nulls(const fg_host& host, std::uint64_t cells);

// "zstd", "lz4", ...: as the option `compression` has it.
[[nodiscard]] arrow::Compression::type compression_of(std::string_view name);

}  // namespace arrow_sinks
