// flowgauge merge: tables of parts of a run into the table of the whole run.
#include "core/app/commands.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/table_merge.h"

namespace flowgauge {

ExitCode run_merge(const MergeCommand& command, const StopRequest& stop) {
  const auto rows = merge_tables(command.merge, stop);
  if (!rows) return say_and_return(rows.error());
  log_info("{} of {} merged", counted(*rows, "row"), counted(command.merge.inputs.size(), "table"));
  return ExitCode::kOk;
}

}  // namespace flowgauge
