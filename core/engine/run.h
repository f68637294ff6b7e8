// One run: capture files in, flow rows out, a report at the end.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/pipeline.h"
#include "core/engine/plan.h"
#include "core/report/run_report.h"

namespace flowgauge {

enum class OutputNaming {
  kOnePerExporter,  // all inputs are one stream
  kOnePerInput,     // a stream, with flows of its own, for each input; paths are folders
};

struct RunRequest {
  Profile profile;
  std::vector<std::string> inputs;  // files, folders, "-"; none: there are event files
  std::string event_folder;
  PluginPaths plugins;
  std::vector<std::string> columns;               // of its one table; none: all
  std::uint64_t max_packets = 0;                  // of each stream; 0: all
  PartitionSet partitions = PartitionSet::all();  // whose flows are kept
  OrderColumns order_columns = OrderColumns::kNone;
  OutputNaming naming = OutputNaming::kOnePerExporter;
  bool force = false;                      // replace existing output files
  std::optional<std::string> report_path;  // "-": standard output; none: no report is written
  // Called when all files of the run were looked at, before the first is opened for writing: whoever watches the run
  // opens theirs (Profile::monitor).
  std::function<Result<void>()> on_files_checked = {};
};

// The error is what kept the run from starting. Once it has started there is a report, whatever happened; its
// exit_code and problems say what. Blocks; `stop` ends it early and in order.
[[nodiscard]] Result<RunReport> run(const RunRequest& request, StopRequest& stop, const Observer& observer);

}  // namespace flowgauge
