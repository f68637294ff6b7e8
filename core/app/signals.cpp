#include "core/app/signals.h"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <string_view>

#include "core/base/crash_stack.h"
#include "core/base/result.h"
#include "core/plugin/current_call.h"

namespace flowgauge {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitizerReports = true;
#else
constexpr bool kSanitizerReports = false;
#endif

constexpr std::array kCrashSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

StopRequest* stop_of_run = nullptr;

// Only what POSIX calls async-signal-safe from here on.
void write_error(std::string_view text) {
  if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // nobody left to tell
}

void on_stop(int) {
  if (stop_of_run->request()) return;
  write_error("\nflowgauge: error: interrupted again; stopped at once, the newest rows may be missing\n");
  _exit(static_cast<int>(ExitCode::kInterrupted));
}

std::string_view signal_text(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "segmentation fault";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "arithmetic error";
    case SIGILL:
      return "illegal instruction";
    default:
      return "abort";
  }
}

void on_crash(int signal) {
  write_error("\nflowgauge: error: crashed (");
  write_error(signal_text(signal));
  write_error(")");
  if (const RunningCall* call = running_call(); call != nullptr) {
    write_error(" in '");
    write_error(call->call);
    write_error("' of plugin '");
    write_error(call->feature);
    write_error("' (");
    write_error(call->path);
    write_error("); leave it out of the profile and tell its author\n");
  } else {
    write_error("; this is a bug in flowgauge: please report it with the command and the input\n");
  }
  raise(
      signal);  // the handler was installed for one time: this one kills, and leaves a core where the system wants one
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

void install(int signal, void (*handler)(int), int flags) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void install_stop_signals(StopRequest& stop) {
  stop_of_run = &stop;
  install(SIGINT, on_stop, SA_RESTART);
  install(SIGTERM, on_stop, SA_RESTART);
  if (!is_ignored(SIGHUP)) install(SIGHUP, on_stop, SA_RESTART);  // nohup: the run shall outlive its terminal
  install(SIGPIPE, SIG_IGN, 0);
}

void install_crash_handler() {
  if (kSanitizerReports) return;
  // A stack overflow needs another stack to be told on. This one is main's; workers have their own.
  static const CrashStack kCrashStack;
  for (const int signal : kCrashSignals)
    install(signal, on_crash, static_cast<int>(SA_RESETHAND | SA_NODEFER | SA_ONSTACK));
}

}  // namespace flowgauge
