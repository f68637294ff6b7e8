// Tells of a run while it lasts whoever does not stand before its terminal: warnings of what is wrong, lines of
// statistics, metrics.
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
#include "core/monitor/http_server.h"
#include "core/monitor/stats_file.h"
#include "core/monitor/status_sum.h"

namespace flowgauge {

struct MonitorOptions {
  std::string stats_path{};                    // empty: no statistics
  std::string stats_where{};                   // the beginning of messages about it
  std::chrono::nanoseconds stats_interval{0};  // 0: kStatsInterval
  std::string metrics{};                       // an address; empty: none
  std::string metrics_where{};                 // the beginning of messages about it
  bool force = false;                          // replace a file of statistics that is there
};

inline constexpr std::chrono::seconds kStatsInterval{10};

class Monitor {
 public:
  // The socket of metrics is open from here on: before privileges are given up and plugins are loaded. Nobody is
  // answered before the run begins.
  [[nodiscard]] static Result<std::unique_ptr<Monitor>> open(MonitorOptions options);
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
  // What the server shows, which has a thread of its own.
  struct Shown {
    RunStatus before;  // at the look before
    RunStatus now;
    std::vector<std::string_view> conditions;
    Recurring::Clock::time_point taken;
  };

  explicit Monitor(MonitorOptions options);
  void show();
  [[nodiscard]] HttpAnswer answer(std::string_view path) const;
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
  mutable std::mutex mutex_;          // of the next one
  std::optional<Shown> shown_;
  std::optional<HttpServer> server_;  // the last: it asks for all others
  bool is_served_ = false;
};

}  // namespace flowgauge
