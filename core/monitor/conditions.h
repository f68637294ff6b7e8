// What is wrong with a run while it is wrong: looks at each status, and says what began, goes on or is over. Pure: the
// messages depend on the statuses alone. docs/monitoring.md has the names.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/run_status.h"
#include "core/monitor/episode.h"

namespace flowgauge {

class RunConditions {
 public:
  RunConditions();

  // Of a status that is newer than the last; gives the warnings that are due. About each half second.
  [[nodiscard]] std::vector<std::string> look(const RunStatus& status);
  // The run is over: what still goes on ends with it.
  [[nodiscard]] std::vector<std::string> finish(const RunStatus& last);

  // "ring_full", "nic_drops", "softnet_drops", "evictions", "slow_output", "lag", "sink": in this order.
  [[nodiscard]] std::vector<std::string_view> active() const;
  [[nodiscard]] static const std::vector<std::string_view>& names();

 private:
  // Something that is counted and must not be.
  struct Counted {
    Episode episode;
    std::uint64_t last = 0;
    std::uint64_t before = 0;  // the episode began
  };
  // Something that is measured, and is too high.
  struct Level {
    Episode episode;
    double worst = 0;
  };
  struct Link {
    Counted drops;
    std::uint64_t excess = 0;  // of rx_dropped over what the run has seen and ignored
  };
  // What a sink tells of its place.
  struct Told {
    Episode episode;
    std::uint64_t times = 0;  // that it had begun at the look before
    bool is_bad = false;      // at this look
    std::string text;         // the newest
  };
  struct Wording;
  enum class Look { kNext, kLast };

  std::vector<std::string> look(const RunStatus& status, Look which);
  static void look_at(Counted& counted, std::uint64_t count, Moment now, Look which, const Wording& wording,
                      std::vector<std::string>& said);
  void look_at_links(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said);
  void look_at_output(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said);
  void look_at_lag(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said);

  void look_at_sinks(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said);

  Counted ring_full_;
  std::map<std::string, Link> links_;
  Counted softnet_;
  Counted evictions_;
  Level output_;
  Level lag_;
  std::map<std::pair<std::size_t, std::string>, Told> told_;  // by output and name
  std::string slow_path_;
  bool output_waits_ = false;  // for whoever reads it, at this look
  Moment last_;
  std::chrono::nanoseconds last_writing_{0};
};

// Frames that were lost before the run could see them: what the card or the driver had no room for, and what was
// dropped beyond the frames that no protocol of the host wants. `excess` is that of the last status, and is moved on.
[[nodiscard]] std::uint64_t lost_on_link(const LinkCounters& link, const RunStatus& status, std::uint64_t& excess);

// Of the worker, from the time of its packets to that of the status. None: it has seen none, or they are of files.
[[nodiscard]] std::optional<std::chrono::nanoseconds> lag_of(const WorkerStatus& worker, const RunStatus& status);

}  // namespace flowgauge
