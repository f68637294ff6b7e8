// The end of a run, whatever its packets came from: its messages and its exit code.
#pragma once

#include "core/base/result.h"
#include "core/report/run_report.h"

namespace flowgauge {

[[nodiscard]] ExitCode finish_run(const RunReport& report);

}  // namespace flowgauge
