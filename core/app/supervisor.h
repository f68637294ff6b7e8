// A run is done by a process of its own, the worker, which loads plugins; this one, the supervisor, owns the exit code.
// So the process of a run ends well only where the host says so: whatever a plugin does - exit(), a handler, a
// destructor - the supervisor learns that the work was not done, and whose call it was.
#pragma once

#include <functional>

#include "core/app/terminal.h"
#include "core/base/result.h"
#include "core/host/run_user.h"

namespace flowgauge {

// kLive: the handlers of install_request_signals() are there too, and their signals are passed on; the supervisor of a
// run that root has started keeps what it needs to become another user, until decide_rights().
enum class SupervisedRun { kOther, kLive };

// Does `work` in a worker and returns its exit code here. The worker never returns: no destructor and no exit handler
// of a plugin runs. Before any thread is started and anything is loaded. Needs the handlers of install_stop_signals().
//
// Signals that ask the supervisor to stop or to go on are passed on; what ends the worker ends the supervisor in the
// same way. The worker does not outlive the supervisor.
[[nodiscard]] ExitCode run_supervised(const std::function<ExitCode()>& work, Terminal& terminal, SupervisedRun run);

// In the worker of a live run that root has started, at most once: whom the supervisor goes on as; null: it stays root.
// It then has no capability at all, and may still send signals to a process that has begun to become them. Nothing to
// do in a process without a supervisor. Blocks until it is done.
[[nodiscard]] Result<void> decide_rights(const UserIds* user);

// In the worker: it does not outlive its supervisor, whatever it has changed of itself.
void end_with_supervisor() noexcept;

}  // namespace flowgauge
