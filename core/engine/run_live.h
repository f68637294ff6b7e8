// One live run: packets from interfaces in, flow rows out, a report at the end.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/run_requests.h"
#include "core/base/stop_request.h"
#include "core/engine/interface_run.h"
#include "core/engine/live_pipeline.h"
#include "core/engine/plan.h"
#include "core/report/run_report.h"

namespace flowgauge {

struct LiveRequest {
  Profile profile;
  std::vector<std::string> interfaces;  // each once
  PluginPaths plugins;
  std::vector<std::string> columns;  // of its one table; none: all
  LiveLimits limits;
  RunRequests* requests = nullptr;         // what it is asked for meanwhile; null: nothing
  bool force = false;                      // replace existing output files
  std::optional<std::string> report_path;  // "-": standard output; none: no report is written
  // Called with the files that the run will make, once all is decided that decides them, and before the first is looked
  // at: to become the user whose they are.
  std::function<Result<void>(std::span<const std::string> files)> on_planned = {};
  // Called when it has given up its capabilities, before any code of a sink runs.
  std::function<void()> on_attached = {};
  // Called when all files of the run were looked at, before the first is opened for writing: whoever watches the run
  // opens theirs (Profile::monitor).
  std::function<Result<void>()> on_files_checked = {};
};

// The error is what kept the run from starting. Once it has started there is a report, whatever happened; its exit_code
// and problems say what. Blocks. `stop` is one of the ways to end well: all rows are written, the outputs complete.
// Gives up the process's capabilities once it is attached.
[[nodiscard]] Result<RunReport> run_live(const LiveRequest& request, StopRequest& stop, const Observer& observer);

// The same on another host, as tests have them.
[[nodiscard]] Result<RunReport> run_live(const LiveRequest& request, LiveHost host, StopRequest& stop,
                                         const Observer& observer);

}  // namespace flowgauge
