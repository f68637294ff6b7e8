#include "core/plugin/trial.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include "core/base/handle.h"
#include "core/base/log.h"
#include "core/plugin/host_services.h"

namespace flowgauge {
namespace {

// What the child tells: one letter for each step it has come to, then perhaps a text.
constexpr char kCreating = 'c';
constexpr char kDestroying = 'd';
constexpr char kDone = 'o';
constexpr char kRefused = 'r';  // the text follows

void tell(int pipe, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(pipe, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void run_child(const ActiveFeature& active, int pipe) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);  // so that what the plugin starts ends with it
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGPIPE}) ::signal(signal, SIG_DFL);
  set_log_level(LogLevel::kOff);  // the real instances will say the same again

  const Feature& feature = *active.feature;
  const RunningCall call{origin_of(feature).c_str(), feature.name.c_str(), "create"};
  const RunningScope scope(&call);
  const fg_create create{sizeof(fg_create), 0, &plugin_host(), active.options.values().data()};
  void* instance = nullptr;
  tell(pipe, {&kCreating, 1});
  if (feature.table.create(&create, &instance) != FG_OK) {
    tell(pipe, {&kRefused, 1});
    tell(pipe, last_plugin_error());
    ::_exit(0);
  }
  tell(pipe, {&kDestroying, 1});
  feature.table.destroy(instance);
  tell(pipe, {&kDone, 1});
  ::_exit(0);
}

// Everything the child says until it ends or the time is over; false: time is over.
bool listen_to(int pipe, std::chrono::milliseconds limit, std::string& told) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    char buffer[1024];
    const ssize_t got = ::read(pipe, buffer, sizeof(buffer));
    if (got == 0) return true;
    if (got > 0) told.append(buffer, static_cast<std::size_t>(got));
    if (!told.empty() && told.back() == kDone && told.find(kRefused) == std::string::npos) return true;
  }
}

std::string limit_text(std::chrono::milliseconds limit) {
  return limit.count() % 1000 == 0 ? fmt::format("{} s", limit.count() / 1000) : fmt::format("{} ms", limit.count());
}

std::unexpected<Error> refuse(const Feature& feature, const std::string& what) {
  return fail(ExitCode::kPlugin,
              "{}: feature '{}' {} in a trial before the run; leave it out of the profile, or tell its author",
              origin_of(feature), feature.name, what);
}

}  // namespace

Result<void> try_feature(const ActiveFeature& active, std::chrono::milliseconds limit) {
  const Feature& feature = *active.feature;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return fail(ExitCode::kPlugin, "{}: feature '{}' cannot be tried ({}); raise the limit of open files",
                origin_of(feature), feature.name, std::strerror(errno));
  FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0)
    return fail(ExitCode::kPlugin, "{}: feature '{}' cannot be tried ({}); raise the limit of processes",
                origin_of(feature), feature.name, std::strerror(errno));
  if (child == 0) run_child(active, writing.get());
  ::setpgid(child, child);
  writing = FileDescriptor();

  std::string told;
  const bool in_time = listen_to(reading.get(), limit, told);
  const bool is_done = !told.empty() && told.back() == kDone;
  // What still runs is not waited for: it had its time, or has done all it was asked.
  if (!in_time || is_done) ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  const std::size_t refused = told.find(kRefused);
  if (refused != std::string::npos) {
    const std::string text = told.substr(refused + 1);
    return fail(ExitCode::kPlugin,
                "{}: feature '{}' cannot start: {}; check its options, or leave it out of the profile",
                origin_of(feature), feature.name, text.empty() ? "it did not say why" : text);
  }
  if (is_done) return {};
  const char* step = told.ends_with(kDestroying) ? "destroy" : "create";
  if (!in_time) return refuse(feature, fmt::format("did not finish {} within {}", step, limit_text(limit)));
  if (WIFSIGNALED(status))
    return refuse(feature,
                  fmt::format("crashed in {} (signal {}, {})", step, WTERMSIG(status), ::strsignal(WTERMSIG(status))));
  return refuse(feature, fmt::format("ended the process in {} (exit code {})", step, WEXITSTATUS(status)));
}

Result<void> try_given_features(std::span<const ActiveFeature> active, std::chrono::milliseconds limit) {
  for (const ActiveFeature& one : active) {
    if (one.feature->module == nullptr || one.feature->module->origin != Origin::kGiven) continue;
    if (auto tried = try_feature(one, limit); !tried) return tried;
  }
  return {};
}

}  // namespace flowgauge
