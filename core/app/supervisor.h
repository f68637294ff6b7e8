// A run is done by a process of its own, the worker, which loads plugins; this one, the supervisor, owns the exit code.
// So the process of a run ends well only where the host says so: whatever a plugin does - exit(), a handler, a
// destructor - the supervisor learns that the work was not done, and whose call it was.
#pragma once

#include <functional>

#include "core/app/terminal.h"
#include "core/base/result.h"

namespace flowgauge {

// kRequests: the handlers of install_request_signals() are there too, and their signals are passed on.
enum class SignalsTaken { kStops, kRequests };

// Does `work` in a worker and returns its exit code here. The worker never returns: no destructor and no exit handler of
// a plugin runs. Before any thread is started and anything is loaded. Needs the handlers of install_stop_signals().
//
// Signals that ask the supervisor to stop or to go on are passed on; what ends the worker ends the supervisor in the
// same way. The worker does not outlive the supervisor.
[[nodiscard]] ExitCode run_supervised(const std::function<ExitCode()>& work, Terminal& terminal, SignalsTaken taken);

}  // namespace flowgauge
