// What the program does about signals. Process-wide, installed once by main before any thread starts.
#pragma once

#include "core/app/terminal_log.h"
#include "core/base/stop_request.h"

namespace flowgauge {

// SIGINT, SIGTERM, and SIGHUP unless the program was started to ignore it: the first makes the request, the second ends
// the program at once with exit code 130.
// SIGPIPE is ignored: a closed pipe is an error of a write, and ends the run quietly. So is SIGXFSZ: a limit of the size
// of files is a full disk. `stop` must live to the end.
void install_stop_signals(StopRequest& stop);

// How the handlers write the little that they say. At first as text.
void set_signal_message_format(TerminalLog::Format format);

// SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT: note which plugin was running, for the supervisor, then die of the signal.
// Nothing under a sanitizer: its own report says more.
void install_crash_handler();

}  // namespace flowgauge
