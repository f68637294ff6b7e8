// Tells of a run while it lasts whoever does not stand before its terminal: warnings of what is wrong, lines of
// statistics.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/observer.h"
#include "core/engine/recurring.h"
#include "core/monitor/conditions.h"
#include "core/monitor/stats_file.h"
#include "core/monitor/status_sum.h"

namespace flowgauge {

struct MonitorOptions {
  std::string stats_path{};                    // empty: no statistics
  std::string stats_where{};                   // the beginning of messages about it
  std::chrono::nanoseconds stats_interval{0};  // 0: kStatsInterval
  bool force = false;                          // replace a file of statistics that is there
};

inline constexpr std::chrono::seconds kStatsInterval{10};

class Monitor {
 public:
  explicit Monitor(MonitorOptions options);
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;
  ~Monitor() = default;

  // When the run's files were looked at.
  [[nodiscard]] Result<void> open_files();
  // Watches steadily. The observer refers to this.
  void watch(Observer& observer);
  // The run is over: what was wrong ends, the last line is written. What kept statistics from their file.
  [[nodiscard]] std::optional<Error> finish();

 private:
  void look(const RunStatus& status);
  void write_line(std::chrono::milliseconds patience, bool is_last);

  MonitorOptions options_;
  Recurring due_;  // by the status's own time
  StatusSum sum_;
  RunConditions conditions_;
  std::vector<std::string_view> active_;
  std::optional<StatsFile> stats_;
  std::optional<RunStatus> newest_;
  std::optional<RunStatus> written_;  // in the last line
};

}  // namespace flowgauge
