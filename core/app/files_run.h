// A run over capture files or event files, with what is seen of it on the terminal.
#pragma once

#include <string>

#include "core/app/command.h"
#include "core/app/terminal.h"
#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/run.h"

namespace flowgauge {

// Says what went wrong, and gives the program's exit code. `title`: what is read.
[[nodiscard]] ExitCode run_over_files(const RunFlags& flags, RunRequest request, std::string title, StopRequest& stop,
                                      Terminal& terminal);

}  // namespace flowgauge
