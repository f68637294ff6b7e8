// What the program does about signals. Process-wide, installed once by main before any thread starts.
#pragma once

#include <array>
#include <csignal>
#include <initializer_list>
#include <string_view>

#include "core/app/taken_terminal.h"
#include "core/app/terminal_log.h"
#include "core/base/run_requests.h"
#include "core/base/stop_request.h"

namespace flowgauge {

// SIGINT, SIGTERM, and SIGHUP unless the program was started to ignore it: the first makes the request, the second ends
// the program at once with exit code 130.
// SIGPIPE is ignored: a closed pipe is an error of a write, and ends the run quietly. So is SIGXFSZ: a limit of the
// size of files is a full disk. `stop` must live to the end.
void install_stop_signals(StopRequest& stop);

// How the handlers write the little that they say. At first as text.
void set_signal_message_format(TerminalLog::Format format);

// A warning in one line, in that format. Async-signal-safe, from any thread; at most about 1,000 letters.
void write_warning(std::initializer_list<std::string_view> parts);

// Of a live run, behind the stop signals: SIGHUP asks for its outputs to be reopened, SIGUSR1 for its status, SIGUSR2
// for snapshots. A SIGHUP that came since the process's terminal is gone remains a request to stop, and one that the
// program was started to ignore is ignored. `requests` must live to the end.
void install_request_signals(RunRequests& requests);

// Of each RunAsked, in its order.
inline constexpr std::array kRequestSignals = {SIGHUP, SIGUSR1, SIGUSR2};

// As which signal the supervisor passes one of them on: one of its own. The same signal would be lost where the worker
// has got its own, and has not taken it yet.
[[nodiscard]] int passed_on_as(int request_signal) noexcept;

// Gives the terminal back where this process ends while it shows a whole screen: by a crash, or a second request to
// stop.
[[nodiscard]] TakenTerminal& terminal_at_end();

// SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT: note which plugin was running, for the supervisor, then die of the signal.
// Nothing under a sanitizer: its own report says more.
void install_crash_handler();

}  // namespace flowgauge
