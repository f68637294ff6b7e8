// The end of a run, whatever its packets came from: its messages, its reports, its exit code.
#pragma once

#include <cstdio>
#include <memory>

#include "core/app/command.h"
#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/engine/report.h"

namespace flowgauge {

using ReportFile = std::unique_ptr<std::FILE, Closer<std::fclose>>;

// Before the run, so that a path that cannot be written costs no hour of work. "-" is standard output. Null: none wanted.
[[nodiscard]] Result<ReportFile> open_report(const RunFlags& command);

[[nodiscard]] ExitCode finish_run(const RunFlags& command, ReportFile file, const RunReport& report);

}  // namespace flowgauge
