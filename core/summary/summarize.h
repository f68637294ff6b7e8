// Reads tables once and gathers what they hold. Several files are one table, in the order given.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/summary/summary.h"

namespace flowgauge {

struct SummaryProgress {
  std::uint64_t bytes_read = 0;   // as stored
  std::uint64_t bytes_total = 0;  // 0: not known
  std::uint64_t rows = 0;
  std::chrono::nanoseconds elapsed{0};
};

struct SummaryRequest {
  std::vector<std::string> tables;      // at least one; "-": standard input
  std::optional<std::string> report{};  // a run report, or metadata; none: what lies beside the tables
  std::string parquet_rows{};           // the helper for Parquet; empty: it is not there
  std::function<void(const SummaryProgress&)> on_progress{};  // several times a second
};

// kInput: nothing could be read. What is met behind the first row is the summary's fault.
[[nodiscard]] Result<Summary> summarize(const SummaryRequest& request, const StopRequest& stop);

}  // namespace flowgauge
