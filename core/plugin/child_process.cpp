#include "core/plugin/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <span>

#include "core/base/handle.h"
#include "core/base/log.h"

namespace flowgauge {
namespace {

// To say where it is, for one whose time is over.
constexpr std::chrono::seconds kGrace{2};

// What the process has now, and so much more: a limit below what is mapped already would fail at once.
void limit_memory(std::uint64_t bytes) {
  unsigned long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "re"); file != nullptr) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  if (pages == 0) return;
  const rlim_t most = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + bytes;
  const rlimit limit{most, most};
  ::setrlimit(RLIMIT_AS, &limit);
  // Where the machine has less than that: this process goes first, not the host or a stranger.
  const FileDescriptor score(::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC));
  if (score && ::write(score.get(), "1000", 4) < 0) log_debug("oom_score_adj: {}", std::strerror(errno));
}

void limit_processor_time(std::chrono::seconds limit) {
  if (limit.count() == 0) return;
  const auto seconds = static_cast<rlim_t>(limit.count());
  const rlimit processor{seconds, seconds + static_cast<rlim_t>(kGrace.count())};
  ::setrlimit(RLIMIT_CPU, &processor);
}

[[noreturn]] void run_child(const std::function<void(ChildPipe)>& work, const ChildLimits& limits, int pipe) {
  const LogScope silent(nullptr);  // the real calls will say the same again
  live_as_child(limits);
  work(ChildPipe(pipe));
  ::_exit(0);
}

bool is_done(std::string_view told, std::string_view done) { return !done.empty() && told.ends_with(done); }

// Everything the child says until it ends, or says nothing for too long: then false.
bool listen_to(int pipe, std::string_view done, std::chrono::milliseconds limit, std::string& told) {
  auto deadline = std::chrono::steady_clock::now() + limit;
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
    if (got > 0) {
      told.append(buffer, static_cast<std::size_t>(got));
      deadline = std::chrono::steady_clock::now() + limit;
    }
    if (is_done(told, done)) return true;
  }
}

ChildEnd watch(pid_t child, int pipe, std::string_view done, std::chrono::milliseconds limit) {
  ChildEnd end;
  end.in_time = listen_to(pipe, done, limit, end.told);
  if (!end.in_time) {
    ::kill(-child, SIGTERM);
    listen_to(pipe, done, kGrace, end.told);
  }
  // What still runs is not waited for: it had its time, or has done all it was asked.
  ::kill(-child, SIGKILL);
  while (::waitpid(child, &end.status, 0) < 0 && errno == EINTR) {
  }
  return end;
}

// How a spawned child begins: in a group of its own, with signals as usual, and with these descriptors.
struct SpawnPlan {
  SpawnPlan(std::span<const int> descriptors, int input, int pipe) {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0);
    // Onto itself: it is not closed then.
    for (const int kept : descriptors) ::posix_spawn_file_actions_adddup2(&actions, kept, kept);
    ::posix_spawn_file_actions_adddup2(&actions, pipe, pipe);
    ::posix_spawnattr_init(&attributes);
    sigset_t set;
    sigemptyset(&set);
    ::posix_spawnattr_setsigmask(&attributes, &set);
    sigfillset(&set);
    ::posix_spawnattr_setsigdefault(&attributes, &set);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

}  // namespace

void ChildPipe::tell(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void live_as_child(const ChildLimits& limits) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);  // so that what the plugin starts ends with it
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGPIPE, SIGTERM}) ::signal(signal, SIG_DFL);
  limit_processor_time(limits.processor_time);
  limit_memory(limits.memory_bytes);
}

Result<ChildEnd> run_in_child(const std::function<void(ChildPipe)>& work, const ChildLimits& limits,
                              std::string_view done) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(ExitCode::kPlugin, "cannot be tried ({}); raise the limit of open files", std::strerror(errno));
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0)
    return fail(ExitCode::kPlugin, "cannot be tried ({}); raise the limit of processes", std::strerror(errno));
  if (child == 0) run_child(work, limits, writing.get());
  ::setpgid(child, child);
  writing = FileDescriptor();
  return watch(child, reading.get(), done, limits.time);
}

Result<ChildEnd> run_spawned(const SpawnedChild& child, const ChildLimits& limits, std::string_view done) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(ExitCode::kPlugin, "cannot be tried ({}); raise the limit of open files", std::strerror(errno));
  const FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const FileDescriptor input(::memfd_create("flowgauge-trial", MFD_CLOEXEC));
  if (!input || ::write(input.get(), child.input.data(), child.input.size()) < 0 ||
      ::lseek(input.get(), 0, SEEK_SET) < 0)
    return fail(ExitCode::kPlugin, "cannot be tried ({})", std::strerror(errno));

  std::vector<std::string> words = {child.program};
  words.insert(words.end(), child.words.begin(), child.words.end());
  words.push_back(std::to_string(writing.get()));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const SpawnPlan plan(child.descriptors, input.get(), writing.get());
  pid_t pid = 0;
  const int error =
      ::posix_spawnp(&pid, child.program.c_str(), &plan.actions, &plan.attributes, arguments.data(), environ);
  if (error != 0)
    return fail(ExitCode::kPlugin,
                "cannot be tried ({}: {}); name the program flowgauge of this version, or try them not", child.program,
                std::strerror(error));
  writing = FileDescriptor();
  ChildEnd end = watch(pid, reading.get(), done, limits.time);
  if (!end.told.starts_with(kChildHello))
    return fail(ExitCode::kPlugin, "cannot be tried ({}: is not the program flowgauge of this version); name that one",
                child.program);
  end.told.erase(0, kChildHello.size());
  return end;
}

std::string limit_text(std::chrono::milliseconds limit) {
  return limit.count() % 1000 == 0 ? fmt::format("{} s", limit.count() / 1000) : fmt::format("{} ms", limit.count());
}

}  // namespace flowgauge
