#include "core/check/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <string_view>

#include "core/base/handle.h"
#include "core/base/log.h"
#include "core/plugin/running.h"

namespace flowgauge {
namespace {

constexpr char kTold = 't';    // the function's text follows
constexpr char kCaught = 'c';  // a signal: what was running follows

// Of the child, for its signal handler.
int g_pipe = -1;
std::array<char, 256> g_case{};

void tell(int pipe, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(pipe, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

// Async-signal-safe: says what was running, then lets the signal do what it does.
void on_signal(int signal) {
  tell(g_pipe, {&kCaught, 1});
  if (const RunningCall* call = running_call(); call != nullptr) {
    for (const char* part : {"in ", call->call, " of feature '", call->feature, "'"}) tell(g_pipe, part);
  }
  if (g_case[0] != '\0') {
    for (const char* part : {" ", static_cast<const char*>(g_case.data())}) tell(g_pipe, part);
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void catch_signals() {
  static std::array<unsigned char, std::size_t{64} * 1024> stack;  // a plugin may have used up the other
  const stack_t other{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  ::sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU, SIGTERM}) {
    ::sigaction(signal, &action, nullptr);
  }
  ::signal(SIGPIPE, SIG_DFL);
}

void set_limits(const ChildLimits& limits) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const auto seconds = static_cast<rlim_t>(limits.processor_time.count());
  const rlimit processor{seconds, seconds + 2};
  ::setrlimit(RLIMIT_CPU, &processor);
  if (!kMemoryIsCounted) return;
  const rlimit memory{limits.memory_bytes, limits.memory_bytes};
  ::setrlimit(RLIMIT_AS, &memory);
}

[[noreturn]] void run_child(const std::function<std::string()>& function, const ChildLimits& limits, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);  // so that what the plugin starts ends with it
  g_pipe = pipe;
  catch_signals();
  set_limits(limits);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // what a plugin prints is no result of ours
  set_log_level(LogLevel::kOff);
  std::string told;
  try {
    told = function();
  } catch (const std::exception& error) {
    told = fmt::format("threw an exception ({})", error.what());
  }
  tell(pipe, {&kTold, 1});
  tell(pipe, told);
  ::_exit(0);
}

// Everything the child says until it ends or the time is over; false: time is over.
bool listen_to(int pipe, std::chrono::seconds limit, std::string& told) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    char buffer[4096];
    const ssize_t got = ::read(pipe, buffer, sizeof(buffer));
    if (got == 0) return true;
    if (got > 0) told.append(buffer, static_cast<std::size_t>(got));
  }
}

ChildReport report_of(const std::string& said, int status, bool in_time, const ChildLimits& limits) {
  ChildReport report;
  if (in_time && WIFEXITED(status) && said.starts_with(kTold)) {
    report.ended_well = true;
    report.told = said.substr(1);
    return report;
  }
  const std::size_t caught = said.find(kCaught);
  const std::string where = caught == std::string::npos ? "" : " " + said.substr(caught + 1);
  if (!in_time) {
    report.fault = fmt::format("did not end within {} s{}", limits.time.count(), where);
  } else if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL)) {
    report.fault = fmt::format("did not end within {} s of processor time{}", limits.processor_time.count(), where);
  } else if (WIFSIGNALED(status)) {
    report.fault = fmt::format("crashed{} (signal {}, {})", where, WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  } else {
    report.fault = fmt::format("ended the process (exit code {})", WEXITSTATUS(status));
  }
  return report;
}

}  // namespace

void set_running_case(const std::string& text) { g_case[text.copy(g_case.data(), g_case.size() - 1)] = '\0'; }

ChildReport check_in_child(const std::function<std::string()>& function, const ChildLimits& limits) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return {.told = {}, .fault = "had no pipe; raise the limit of open files"};
  FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return {.told = {}, .fault = "had no process; raise the limit of processes"};
  if (child == 0) run_child(function, limits, writing.get());
  ::setpgid(child, child);
  writing = FileDescriptor();

  std::string said;
  const bool in_time = listen_to(reading.get(), limits.time, said);
  if (!in_time) {  // it may still say where it is
    ::kill(-child, SIGTERM);
    listen_to(reading.get(), std::chrono::seconds(2), said);
  }
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return report_of(said, status, in_time, limits);
}

}  // namespace flowgauge
