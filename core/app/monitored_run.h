// A run with those who are told of it while it lasts (core/monitor), whatever its packets come from.
#pragma once

#include <functional>

#include "core/app/terminal.h"
#include "core/base/result.h"
#include "core/engine/observer.h"
#include "core/profile/profile.h"
#include "core/report/run_report.h"

namespace flowgauge {

// Runs with this observer. Of the second, see RunRequest::on_files_checked.
using ObservedRun =
    std::function<Result<RunReport>(const Observer& observer, std::function<Result<void>()> on_files_checked)>;

// Says what went wrong, and gives the program's exit code. `observer`: what the command itself shows.
[[nodiscard]] ExitCode run_monitored(const Profile& profile, bool force, Observer observer, Terminal& terminal,
                                     const ObservedRun& run);

}  // namespace flowgauge
