// What a reader finds in an Arrow stream, as the text of a CSV table: so that streams and tables are compared whole.
#pragma once

#include <string>
#include <vector>

#include "core/output/arrow_abi.h"

namespace flowgauge::test {

// Reals with all their digits (%.17g); see with_all_digits().
struct PulledTable {
  std::string header;
  std::string rows;
  std::vector<std::string> formats;   // of the columns
  std::vector<std::int64_t> batches;  // lengths
  int error = 0;                      // of the get_next that ended it
  std::string message;
};

// Pulls to the end, or at most so many batches, and does not release the stream.
[[nodiscard]] PulledTable pull(ArrowArrayStream& stream, std::size_t most = SIZE_MAX);
// And releases it.
[[nodiscard]] PulledTable pull_all(ArrowArrayStream& stream);

// A CSV table whose columns of format "g" are written anew with all digits.
[[nodiscard]] std::string with_all_digits(const std::string& csv, const std::vector<std::string>& formats);

}  // namespace flowgauge::test
