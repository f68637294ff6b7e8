#include "core/plugin/trial_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/base/program_file.h"
#include "core/plugin/call_board.h"
#include "core/plugin/child_process.h"
#include "core/plugin/trial_server.h"
#include "core/plugin/trial_socket.h"

namespace flowgauge {
namespace {

using Clock = std::chrono::steady_clock;

// In the environment of a program that is started to try: it starts none in turn, where it is another one than it
// should.
constexpr const char* kMark = "FLOWGAUGE_IS_TRIAL";
constexpr std::int64_t kStartNs = 20'000'000'000;  // to say hello: a program that does not is another one

std::unexpected<Error> no_process(int error) {
  return fail(ExitCode::kPlugin, "cannot be tried ({}); raise the limit of {}", std::strerror(error),
              error == EMFILE || error == ENFILE ? "open files" : "processes");
}

// A process with one thread can be copied whole.
bool has_one_thread() {
  struct stat tasks {};
  return ::stat("/proc/self/task", &tasks) == 0 && tasks.st_nlink == 3;  // a folder for each thread
}

// The program that tries: named, of the environment, of this installation, or in PATH.
std::string program_of(const PluginTrial& trial) {
  if (!trial.program.empty()) return trial.program;
  if (const char* named = ::secure_getenv("FLOWGAUGE_PROGRAM"); named != nullptr && *named != '\0') return named;
  const std::filesystem::path own = program_file();
  std::error_code error;
  return std::filesystem::exists(own, error) ? own.string() : "flowgauge";
}

[[noreturn]] void be_trial(FileDescriptor socket, const TrialLimits& limits) {
  const LogScope silent(nullptr);  // the real calls will say the same again
  CallBoard::use(nullptr);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, standard);
  live_as_child({.memory_bytes = limits.memory_bytes});
  serve_trial(socket.get());
  ::_exit(0);
}

// How a spawned process begins: in a group of its own, with signals as usual, and with nothing but this descriptor.
struct SpawnPlan {
  explicit SpawnPlan(int socket) {
    ::posix_spawn_file_actions_init(&actions);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0);
    ::posix_spawn_file_actions_adddup2(&actions, socket, socket);  // onto itself: it is not closed then
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

TrialProcess::TrialProcess(pid_t process, FileDescriptor socket, const TrialLimits& limits)
    : process_(process), handle_(handle_of(process)), socket_(std::move(socket)), limits_(limits) {}

TrialProcess::~TrialProcess() {
  TrialEnd unused;
  reap(unused);
}

Result<std::unique_ptr<TrialProcess>> TrialProcess::start(const PluginTrial& trial) {
  return trial.how == PluginTrial::How::kFork && has_one_thread() ? fork(trial) : spawn(trial);
}

Result<std::unique_ptr<TrialProcess>> TrialProcess::fork(const PluginTrial& trial) {
  auto [ours, its] = socket_pair();
  if (!ours) return no_process(errno);
  const pid_t process = ::fork();
  if (process < 0) return no_process(errno);
  if (process == 0) {
    ours = FileDescriptor();
    be_trial(std::move(its), trial.limits);
  }
  ::setpgid(process, process);
  return std::unique_ptr<TrialProcess>(new TrialProcess(process, std::move(ours), trial.limits));
}

Result<std::unique_ptr<TrialProcess>> TrialProcess::spawn(const PluginTrial& trial) {
  auto [ours, its] = socket_pair();
  if (!ours) return no_process(errno);
  std::vector<std::string> words = {program_of(trial), "plugin", "trial", std::to_string(its.get()),
                                    std::to_string(trial.limits.memory_bytes)};
  const std::string program = words.front();
  const auto another_program = [&] {
    return fail(ExitCode::kPlugin, "cannot be tried ({}: is not the program flowgauge of this version); name that one",
                program);
  };
  if (::getenv(kMark) != nullptr) return another_program();
  std::string mark = fmt::format("{}=1", kMark);
  std::vector<char*> environment = {mark.data()};
  for (char** entry = environ; *entry != nullptr; ++entry) environment.push_back(*entry);
  environment.push_back(nullptr);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const SpawnPlan plan(its.get());
  pid_t process = 0;
  const int error =
      ::posix_spawnp(&process, program.c_str(), &plan.actions, &plan.attributes, arguments.data(), environment.data());
  if (error != 0)
    return fail(ExitCode::kPlugin,
                "cannot be tried ({}: {}); name the program flowgauge of this version, or try them not", program,
                std::strerror(error));
  its = FileDescriptor();
  std::unique_ptr<TrialProcess> started(new TrialProcess(process, std::move(ours), trial.limits));
  TrialMessage hello;
  if (started->hear(hello, kStartNs) != Heard::kMessage || hello.word != TrialWord::kHello) return another_program();
  return started;
}

bool TrialProcess::is_there() const {
  if (process_ == 0) return false;
  pollfd waiting{socket_.get(), 0, 0};
  return ::poll(&waiting, 1, 0) == 0;  // else the other end is closed
}

TrialProcess::Heard TrialProcess::hear(TrialMessage& message, std::int64_t limit_ns) const {
  const auto deadline = Clock::now() + std::chrono::nanoseconds(limit_ns);
  for (;;) {
    int left_ms = -1;
    if (limit_ns > 0) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
      if (left.count() <= 0) return Heard::kNothing;
      left_ms = static_cast<int>(std::min<std::int64_t>(left.count(), 1'000'000));
    }
    // Others may hold the socket when the process is gone: what it has started.
    pollfd waiting[] = {{socket_.get(), POLLIN, 0}, {handle_.get(), POLLIN, 0}};
    const int ready = ::poll(waiting, 2, left_ms);
    if (ready < 0 && errno != EINTR) return Heard::kNothing;
    if (ready <= 0) continue;
    if ((waiting[0].revents & POLLIN) == 0) return Heard::kEnd;
    const auto received = receive_message(socket_.get());
    if (!received) return Heard::kEnd;
    auto parsed = parse_trial_message(received->bytes);
    if (!parsed) continue;  // not of ours
    message = std::move(*parsed);
    return Heard::kMessage;
  }
}

TrialEnd TrialProcess::ask(const std::string& request, int descriptor) {
  TrialEnd end;
  const bool is_sent = send_message(socket_.get(), request, descriptor);
  for (;;) {
    TrialMessage message;
    const Heard heard = is_sent ? hear(message, limits_.time_ns) : Heard::kEnd;
    if (heard != Heard::kMessage) {
      end.how = heard == Heard::kNothing ? TrialEnd::How::kLate : TrialEnd::How::kEnded;
      // It has closed the socket: how it ends is its own, if it does.
      if (heard == Heard::kEnd) wait_for_end(handle_);
      reap(end);
      return end;
    }
    if (message.word == TrialWord::kDone || message.word == TrialWord::kRefused) {
      end.how = message.word == TrialWord::kDone ? TrialEnd::How::kDone : TrialEnd::How::kRefused;
      end.text = std::move(message.text);
      return end;
    }
    end.step = message.word;
  }
}

// What still runs is not waited for: it had its time, or has done all it was asked.
void TrialProcess::reap(TrialEnd& end) {
  if (process_ == 0) return;
  ::kill(-process_, SIGKILL);
  ::kill(process_, SIGKILL);
  rusage used{};
  while (::wait4(process_, &end.status, 0, &used) < 0 && errno == EINTR) {
  }
  process_ = 0;
  const auto most_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  end.is_short_of_memory = limits_.memory_bytes != 0 && most_bytes > limits_.memory_bytes / 2;
}

}  // namespace flowgauge
