#include "core/app/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <string_view>

#include "core/app/supervised.h"
#include "core/base/crash_stack.h"
#include "core/base/nanoseconds.h"
#include "core/base/result.h"
#include "core/base/sanitizers.h"
#include "core/plugin/current_call.h"
#include "core/text/iso_time.h"

namespace flowgauge {
namespace {

constexpr std::array kCrashSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

StopRequest* stop_of_run = nullptr;
RunRequests* requests_of_run = nullptr;
bool has_terminal = false;  // that may go away
Supervised without_supervisor;
TerminalLog::Format message_format = TerminalLog::Format::kText;

Supervised& state() {
  Supervised* const shared = supervised();
  return shared == nullptr ? without_supervisor : *shared;
}

// Only what POSIX calls async-signal-safe from here on.
// One write, so that nothing comes between. Of the text, what JSON does not take as it is becomes a question mark.
void write_line(std::string_view level, std::initializer_list<std::string_view> parts) {
  std::array<char, 1280> line;
  char* end = line.data();
  const auto room = [&] { return static_cast<std::size_t>(line.data() + line.size() - end) - 3; };  // for the end
  const auto add = [&](std::string_view part) { end = std::copy_n(part.begin(), std::min(part.size(), room()), end); };
  const bool is_text = message_format == TerminalLog::Format::kText;
  if (is_text) {
    add("\nflowgauge: ");
    add(level);
    add(": ");
  } else {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    add(R"({"time":")");
    end = write_iso_time(end, now.tv_sec * kNsPerSecond + now.tv_nsec);
    add(R"(","level":")");
    add(level);
    add(R"(","message":")");
  }
  for (const std::string_view part : parts) {
    char* const begin = end;
    add(part);
    std::replace_if(
        begin, end, [](char letter) { return letter == '"' || letter == '\\' || (letter >= 0 && letter < 0x20); }, '?');
  }
  end = std::ranges::copy(std::string_view(is_text ? "\n" : "\"}\n"), end).out;
  if (write(STDERR_FILENO, line.data(), static_cast<std::size_t>(end - line.data())) < 0)
    return;  // nobody left to tell
}

void write_error(std::string_view text) { write_line("error", {text}); }

void on_stop(int, siginfo_t* info, void*) {
  Supervised& told = state();
  const bool is_passed_on = told.supervisor != 0 && info->si_code <= 0 && info->si_pid == told.supervisor;
  if (!is_passed_on) told.worker_stops.fetch_add(1);
  const int asked = std::max(told.worker_stops.load(), told.supervisor_stops.load());
  if (asked < 2) {
    stop_of_run->request();
    return;
  }
  static std::atomic_flag is_ending = ATOMIC_FLAG_INIT;
  if (is_ending.test_and_set()) return;  // two requests at once, on one thread or two: the other one ends the program
  told.terminal.give_back();
  write_error("interrupted again; stopped at once, the newest rows may be missing");
  told.say_done(static_cast<int>(ExitCode::kInterrupted));
  _exit(static_cast<int>(ExitCode::kInterrupted));
}

bool opens_terminal() {
  const int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) return false;
  close(terminal);
  return true;
}

// When requests came that the other of the two ways has not brought yet, in ns of the monotonic clock; 0: none.
struct Unpaired {
  std::atomic<std::int64_t> own{0};
  std::atomic<std::int64_t> passed_on{0};
};
std::array<Unpaired, kRunAskedKinds> unpaired;
constexpr std::int64_t kPairNs = 1'000'000'000;

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

// Whoever signals the group gives both processes one: the worker gets two, its own and that which is passed on.
bool is_second_of_pair(Unpaired& of, bool is_passed_on) {
  const std::int64_t now = monotonic_ns();
  auto& other = is_passed_on ? of.own : of.passed_on;
  const std::int64_t before = other.exchange(0);
  if (before != 0 && now - before < kPairNs) return true;
  (is_passed_on ? of.passed_on : of.own).store(now);
  return false;
}

static_assert(kRequestSignals.size() == kRunAskedKinds);

void on_request(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  const auto is_it = [signal](int request) { return signal == request || signal == passed_on_as(request); };
  const std::size_t number =
      static_cast<std::size_t>(std::ranges::find_if(kRequestSignals, is_it) - kRequestSignals.begin());
  const bool is_passed_on = signal != kRequestSignals[number];
  const auto what = static_cast<RunAsked>(number);
  if (what == RunAsked::kReopen && has_terminal && !opens_terminal())
    on_stop(signal, info, context);
  else if (!is_second_of_pair(unpaired[number], is_passed_on))
    requests_of_run->ask(what);
  errno = error;
}

// The supervisor says what it was. Of several threads that crash at once the first counts; the others wait for the end.
void on_crash(int signal) {
  Supervised& told = state();
  int none = 0;
  static std::atomic<pid_t> first{0};
  pid_t nobody = 0;
  const pid_t thread = gettid();
  if (!first.compare_exchange_strong(nobody, thread) && nobody != thread)
    for (;;) pause();
  const RunningCall* call = running_call();
  const std::uint32_t of_none = CrashStack::is_on_this_thread() ? 0 : Supervised::kForeignThread;
  told.crash_call.store(call == nullptr ? of_none : call->number);
  const bool is_first = told.crash_signal.compare_exchange_strong(none, signal);
  if (is_first && supervised() == nullptr) {
    told.terminal.give_back();
    write_error("crashed; this is a bug in flowgauge: please report it with the command and the input");
  }
  ::signal(signal, SIG_DFL);
  raise(signal);  // this one kills, and leaves a core where the system wants one
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

TakenTerminal& terminal_at_end() { return state().terminal; }

void set_signal_message_format(TerminalLog::Format format) { message_format = format; }

void write_warning(std::initializer_list<std::string_view> parts) { write_line("warning", parts); }

void install_stop_signals(StopRequest& stop) {
  stop_of_run = &stop;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (signal == SIGHUP && is_ignored(SIGHUP)) continue;  // nohup: the run shall outlive its terminal
    struct sigaction action {};
    action.sa_sigaction = on_stop;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
  install(SIGPIPE, SIG_IGN, 0);
  install(SIGXFSZ, SIG_IGN, 0);
}

int passed_on_as(int request_signal) noexcept {
  return SIGRTMIN + 1 + static_cast<int>(std::ranges::find(kRequestSignals, request_signal) - kRequestSignals.begin());
}

void install_request_signals(RunRequests& requests) {
  requests_of_run = &requests;
  has_terminal = opens_terminal();
  for (const int request : kRequestSignals) {
    if (is_ignored(request)) continue;
    struct sigaction action {};
    action.sa_sigaction = on_request;
    action.sa_flags = SA_RESTART | SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    for (const int signal : {request, passed_on_as(request)}) sigaction(signal, &action, nullptr);
  }
}

void install_crash_handler() {
  if (kIsSanitized) return;  // it reports itself
  // A stack overflow needs another stack to be told on. This one is main's; workers have their own.
  static const CrashStack kCrashStack;
  for (const int signal : kCrashSignals) install(signal, on_crash, SA_NODEFER | SA_ONSTACK);
}

}  // namespace flowgauge
