// Rows as JSON objects, one each, as the program's own JSON lines have them.
#pragma once

#include <cstdint>
#include <flowgauge/sdk.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kafka_sink {

class JsonRows {
 public:
  explicit JsonRows(const ArrowSchema& schema);

  // Valid until the next.
  [[nodiscard]] std::string_view row(const fg::Batch& batch, std::int64_t row);
  // A cell by itself: a text without quotes. Empty: null.
  [[nodiscard]] static std::string cell(const fg::BatchColumn& column, std::int64_t row);

 private:
  std::vector<std::string> names_;  // quoted, with what stands before and behind them
  std::string text_;
};

}  // namespace kafka_sink
