#include "core/app/supervisor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/app/ended_run.h"
#include "core/app/signals.h"
#include "core/app/supervised.h"
#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/sanitizers.h"
#include "core/host/capabilities.h"
#include "core/host/run_user.h"
#include "core/host/system_calls.h"
#include "core/plugin/current_call.h"
#include "core/plugin/process_state.h"

// Of gcov, in builds that count lines: it writes at the end of a process, which _exit() leaves out.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" void __gcov_dump() __attribute__((weak));

namespace flowgauge {
namespace {

// Leaks are found by a sanitizer when the process exits; then its exit code counts.
constexpr bool kSanitizerHasTheLastWord = kIsSanitized;

Supervised* shared = nullptr;

// The signals that are passed on. SIGKILL and SIGSTOP cannot be.
constexpr std::array kPassedOn = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};

// And to send it signals until then.
constexpr CapabilitySet kToBecomeAnother{Capability::kSetuid, Capability::kSetgid, Capability::kSetpcap,
                                         Capability::kKill};
constexpr int kMostMsToTakeRights = 10'000;

Supervised* shared_memory() {
  void* memory = ::mmap(nullptr, sizeof(Supervised), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) Supervised;
}

// ---------------------------------------------------------------- the supervisor

void pass_on(int signal) {
  const int error = errno;
  if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) shared->supervisor_stops.fetch_add(1);
  ::kill(shared->worker, signal);
  if (signal == SIGTSTP) ::raise(SIGSTOP);  // as the worker does
  errno = error;
}

// Of a live run. A worker whose terminal is gone takes its SIGHUP for a request to stop, of which this is none.
void pass_request_on(int signal) {
  const int error = errno;
  ::kill(shared->worker, passed_on_as(signal));
  errno = error;
}

void pass_on_by(void (*handler)(int), std::span<const int> signals) {
  for (const int signal : signals) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;  // as under nohup
    action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigfillset(&action.sa_mask);
    ::sigaction(signal, &action, nullptr);
  }
}

// The worker's request. In a handler, since nothing else wakes this process without a race.
int rights_signal() { return SIGRTMIN; }  // passed_on_as() begins behind it

void take_rights(int) {
  const int error = errno;
  const Supervised::Rights asked = shared->rights_asked.load();
  if (asked != Supervised::Rights::kUndecided && shared->rights_taken.load() == Supervised::kNotTaken) {
    const int failed = asked == Supervised::Rights::kUser ? become_for_good(shared->user) : 0;
    const int kept = lose_all_capabilities();
    shared->rights_taken.store(failed != 0 ? failed : kept);
  }
  errno = error;
}

bool is_root() { return ::geteuid() == 0; }

// Whoever reads from a pipe waits until everybody has closed it, and a right that nobody uses is one too many.
void keep_nothing_but_standard_error(SupervisedRun run) {
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere >= 0)
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO}) ::dup2(nowhere, standard);
  ::close_range(kFirstOtherDescriptor, ~0U, 0);
  const bool decides_later = run == SupervisedRun::kLive && is_root();
  const auto dropped = decides_later ? reduce_capabilities(kToBecomeAnother) : drop_capabilities({});
  if (!dropped) log_debug("{}", dropped.error().message);
  if (run != SupervisedRun::kLive) return;
  const auto limited = limit_system_calls(LimitedProcess::kSupervisor, OnRefused::kError);
  if (!limited) log_debug("{}", limited.error().message);
}

// Dies as the worker has died, without a second core file.
ExitCode end_by(int signal) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
  ::raise(signal);
  return static_cast<ExitCode>(128 + signal);  // it was one that ends nothing
}

ExitCode watch(pid_t worker, Terminal& terminal) {
  int status = 0;
  while (::waitpid(worker, &status, 0) < 0 && errno == EINTR) {
  }
  shared->terminal.give_back();
  const EndOfWorker end = end_of_worker(*shared, status);
  if (!end.message.empty()) {
    if (terminal.is_terminal()) terminal.write("\n");  // there may be a line of status
    log_error("{}", end.message);
    terminal.write_rest();
  }
  if (end.signal != 0) return end_by(end.signal);
  if (kSanitizerHasTheLastWord && end.message.empty()) return static_cast<ExitCode>(WEXITSTATUS(status));
  return end.code;
}

// ---------------------------------------------------------------- the worker

void note_exit() {
  Supervised* const page = shared;
  if (page->done.load() == Supervised::kDone || ::getpid() != page->worker) return;
  const RunningCall* call = running_call();
  page->exit_call.store(call == nullptr ? 0 : call->number);
}

[[noreturn]] void be_worker(const std::function<ExitCode()>& work, Terminal& terminal, const sigset_t& signals) {
  shared->worker = ::getpid();
  end_with_supervisor();
  std::atexit(note_exit);
  std::at_quick_exit(note_exit);
  CallBoard::use(shared->board);
  ::sigprocmask(SIG_SETMASK, &signals, nullptr);
  keep_standard_streams_and_folder();
  terminal.write_beyond_standard_error();
  ProcessState::keep();
  const int code = static_cast<int>(work());
  terminal.write_rest();
  std::fflush(nullptr);
  shared->say_done(code);
  if (kSanitizerHasTheLastWord) std::exit(code);
  if (__gcov_dump != nullptr) __gcov_dump();
  ::_exit(code);
}

}  // namespace

Supervised* supervised() noexcept { return shared; }

void end_with_supervisor() noexcept {
  if (shared == nullptr) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != shared->supervisor) ::_exit(static_cast<int>(ExitCode::kInterrupted));  // it died before
}

Result<void> decide_rights(const UserIds* user) {
  if (shared == nullptr) return {};
  if (user != nullptr) shared->user = *user;
  shared->rights_asked.store(user == nullptr ? Supervised::Rights::kRoot : Supervised::Rights::kUser);
  ::kill(shared->supervisor, rights_signal());
  for (int waited_ms = 0; shared->rights_taken.load() == Supervised::kNotTaken; ++waited_ms) {
    if (waited_ms == kMostMsToTakeRights)
      return fail(ExitCode::kPrivilege, "the process that watches this run does not give up its rights");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const int error = shared->rights_taken.load();
  if (error == 0) return {};
  return fail(ExitCode::kPrivilege, "the process that watches this run cannot give up its rights: {}",
              std::strerror(error));
}

ExitCode run_supervised(const std::function<ExitCode()>& work, Terminal& terminal, SupervisedRun run) {
  shared = shared_memory();
  if (shared != nullptr) shared->board = CallBoard::make();
  if (shared == nullptr || shared->board == nullptr) throw std::bad_alloc();
  shared->supervisor = ::getpid();
  // What is asked for until the handlers are there waits.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t worker = ::fork();
  if (worker == 0) be_worker(work, terminal, before);
  if (worker < 0) {
    const int error = errno;
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    log_error("a process cannot be started ({}); raise the limit of processes", std::strerror(error));
    return ExitCode::kPlugin;
  }
  shared->worker = worker;
  pass_on_by(pass_on, kPassedOn);
  if (run == SupervisedRun::kLive) {
    pass_on_by(pass_request_on, kRequestSignals);
    const int decided = rights_signal();
    pass_on_by(take_rights, {&decided, 1});
  }
  keep_nothing_but_standard_error(run);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return watch(worker, terminal);
}

}  // namespace flowgauge
