// One live run: packets from interfaces in, flow rows out, a report at the end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/interface_run.h"
#include "core/engine/live_pipeline.h"
#include "core/engine/plan.h"
#include "core/engine/report.h"
#include "core/live/live_source.h"

namespace flowgauge {

struct LiveRequest {
  Profile profile;
  std::vector<std::string> interfaces;  // each once
  PluginPaths plugins;
  LiveLimits limits;
  bool force = false;                      // replace existing output files
  std::optional<std::string> report_path;  // "-": standard output; none: no report is written
};

// The error is what kept the run from starting. Once it has started there is a report, whatever happened; its exit_code
// and problems say what. Blocks. `stop` is one of the ways to end well: all rows are written, the outputs complete.
[[nodiscard]] Result<RunReport> run_live(const LiveRequest& request, const StopRequest& stop, const Observer& observer);

// The same, from the plan on: outputs opened, then the source, then privileges dropped by `on_attached`.
[[nodiscard]] Result<RunReport> run_live_plan(const Plan& plan, const LiveRequest& request, const OpenLive& open,
                                              const OnAttached& on_attached, const StopRequest& stop,
                                              const AllInterfacesLost& all_lost, const Observer& observer);

}  // namespace flowgauge
