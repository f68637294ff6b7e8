#include "core/check/child.h"

#include <fmt/format.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>

#include "core/plugin/current_call.h"
#include "core/plugin/process_state.h"

namespace flowgauge {
namespace {

constexpr char kTold = 't';    // the function's text follows
constexpr char kCaught = 'c';  // a signal: what was running follows

// Of the child, for its signal handler.
std::optional<ChildPipe> g_pipe;
std::array<char, 256> g_case{};
std::string g_mark;
const char* (*g_address_note)(const void*) = nullptr;

// What begins a word of ours: another one for each child, so that nothing that a plugin writes into the pipe is taken
// for it.
std::string drawn_mark() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) number = 0;
  return fmt::format("{:016x}", number);
}

// Async-signal-safe: says what was running, then lets the signal do what it does.
void on_signal(int signal, siginfo_t* info, void*) {
  for (const std::string_view part : {std::string_view(g_mark), std::string_view(&kCaught, 1)}) g_pipe->tell(part);
  if (const RunningCall* call = running_call(); call != nullptr) {
    for (const char* part : {"in ", call->call, " of ", call->kind, " '", call->feature, "'"}) g_pipe->tell(part);
  }
  if (g_case[0] != '\0') {
    for (const char* part : {" ", static_cast<const char*>(g_case.data())}) g_pipe->tell(part);
  }
  if (g_address_note != nullptr && (signal == SIGSEGV || signal == SIGBUS))
    if (const char* const note = g_address_note(info->si_addr); note != nullptr) g_pipe->tell(note);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void catch_signals() {
  static std::array<unsigned char, std::size_t{64} * 1024> stack;  // a plugin may have used up the other
  const stack_t other{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  ::sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_sigaction = on_signal;
  action.sa_flags = SA_ONSTACK | SA_NODEFER | SA_SIGINFO;
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGXCPU, SIGTERM}) {
    ::sigaction(signal, &action, nullptr);
  }
}

void answer(const std::function<std::string()>& function, ChildPipe pipe) {
  g_pipe = pipe;
  ProcessState::forget();
  catch_signals();
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // what a plugin prints is no result of ours
  std::string told;
  try {
    told = function();
  } catch (const std::exception& error) {
    told = fmt::format("threw an exception ({})", error.what());
  }
  pipe.tell(g_mark + kTold + told);
}

ChildReport report_of(const ChildEnd& end, const ChildLimits& limits) {
  ChildReport report;
  if (end.in_time && WIFEXITED(end.status) && end.told.starts_with(g_mark + kTold)) {
    report.ended_well = true;
    report.told = end.told.substr(g_mark.size() + 1);
    return report;
  }
  const std::size_t caught = end.told.find(g_mark + kCaught);
  const std::string where = caught == std::string::npos ? "" : " " + end.told.substr(caught + g_mark.size() + 1);
  const int signal = WIFSIGNALED(end.status) ? WTERMSIG(end.status) : 0;
  if (!end.in_time) {
    report.never_ended = true;
    report.fault = fmt::format("did not end within {}{}", limit_text(limits.time), where);
  } else if (signal == SIGXCPU || signal == SIGKILL) {
    report.never_ended = true;
    report.fault = fmt::format("did not end within {} of processor time{}", limit_text(limits.processor_time), where);
  } else if (WIFEXITED(end.status) && WEXITSTATUS(end.status) == kExitWithoutDescriptors) {
    report.fault = kClosedDescriptors;
  } else if (WIFEXITED(end.status) && !end.told.empty() && !end.told.starts_with(g_mark)) {
    report.fault = kWroteToDescriptors;
  } else if (signal != 0) {
    report.fault = fmt::format("crashed{} (signal {}, {})", where, signal, ::strsignal(signal));
  } else {
    report.fault = fmt::format("ended the process (exit code {})", WEXITSTATUS(end.status));
  }
  return report;
}

}  // namespace

void set_running_case(const std::string& text) { g_case[text.copy(g_case.data(), g_case.size() - 1)] = '\0'; }

void set_address_note(const char* (*note)(const void*)) { g_address_note = note; }

ChildReport check_in_child(const std::function<std::string()>& function, const ChildLimits& limits) {
  g_mark = drawn_mark();
  const auto end = run_in_child([&](ChildPipe pipe) { answer(function, pipe); }, limits);
  if (!end) return {.told = {}, .fault = end.error().message};
  return report_of(*end, limits);
}

}  // namespace flowgauge
