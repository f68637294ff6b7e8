#include "core/plugin/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "core/base/log.h"
#include "core/plugin/call_board.h"
#include "core/plugin/process_state.h"

namespace flowgauge {
namespace {

// To say where it is, for one whose time is over.
constexpr std::chrono::seconds kGrace{2};

// What the process has now, and so much more: a limit below what is mapped already would fail at once.
void limit_memory(std::uint64_t bytes) {
  if (bytes == 0) return;
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
  CallBoard::use(nullptr);
  live_as_child(limits);
  work(ChildPipe(pipe));
  ::_exit(::fcntl(pipe, F_GETFD) < 0 ? kExitWithoutDescriptors : 0);
}

// Everything the child says until it ends, or says nothing for too long: then false.
bool listen_to(int pipe, std::chrono::milliseconds limit, std::string& told) {
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
  }
}

ChildEnd watch(pid_t child, int pipe, std::chrono::milliseconds limit) {
  ChildEnd end;
  end.in_time = listen_to(pipe, limit, end.told);
  if (!end.in_time) {
    ::kill(-child, SIGTERM);
    listen_to(pipe, kGrace, end.told);
  } else {
    wait_for_end(handle_of(child));  // it has closed the pipe, and ends now; unless a plugin closed it
  }
  // What still runs is not waited for: it had its time.
  ::kill(-child, SIGKILL);
  while (::waitpid(child, &end.status, 0) < 0 && errno == EINTR) {
  }
  return end;
}

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

Result<ChildEnd> run_in_child(const std::function<void(ChildPipe)>& work, const ChildLimits& limits) {
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
  return watch(child, reading.get(), limits.time);
}

// By number: the header of glibc 2.36 does not say that the function is of C.
FileDescriptor handle_of(pid_t process) {
  return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
}

void wait_for_end(const FileDescriptor& handle) {
  pollfd waiting{handle.get(), POLLIN, 0};
  while (handle && ::poll(&waiting, 1, std::chrono::milliseconds(kGrace).count()) < 0 && errno == EINTR) {
  }
}

std::string limit_text(std::chrono::milliseconds limit) {
  return limit.count() % 1000 == 0 ? fmt::format("{} s", limit.count() / 1000) : fmt::format("{} ms", limit.count());
}

}  // namespace flowgauge
