#include "core/plugin/process_state.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstddef>
#include <cstring>

#include "core/base/host_path.h"
#include "core/base/same_file.h"

namespace flowgauge {
namespace {

constexpr std::string_view kLocale = "it changed the locale and did not put it back";
constexpr unsigned kRestorer = 0x0400'0000;  // the C library's own flag, once a handler was set
constexpr std::array kTimers = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};

const ProcessState* kept_state = nullptr;

std::string_view locale_now() {
  const char* const name = std::setlocale(LC_ALL, nullptr);
  return name == nullptr ? std::string_view() : name;
}

mode_t umask_now() {
  const mode_t mask = ::umask(077);
  ::umask(mask);
  return mask;
}

bool same(const sigset_t& one, const sigset_t& other) {
  for (int signal = 1; signal < NSIG; ++signal)
    if (sigismember(&one, signal) != sigismember(&other, signal)) return false;
  return true;
}

bool is_running(int timer) {
  itimerval value{};
  return ::getitimer(static_cast<__itimer_which>(timer), &value) == 0 &&
         (value.it_value.tv_sec != 0 || value.it_value.tv_usec != 0);
}

bool is_lower(const rlimit& now, const rlimit& before) {  // RLIM_INFINITY is the greatest number
  return now.rlim_cur < before.rlim_cur || now.rlim_max < before.rlim_max;
}

}  // namespace

ThreadState::ThreadState() : locale_(::uselocale(static_cast<locale_t>(nullptr))) {
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked_);
}

std::string_view ThreadState::changed() const {
  const ThreadState now;
  if (!same(now.blocked_, blocked_)) return "it changed which signals are blocked and did not put that back";
  return now.locale_ == locale_ ? std::string_view() : kLocale;
}

void ThreadState::restore() const {
  ::uselocale(locale_);
  ::pthread_sigmask(SIG_SETMASK, &blocked_, nullptr);
}

ProcessState::ProcessState() : locale_(locale_now()), umask_(umask_now()) {
  if (::stat(".", &folder_.status) == 0) folder_.copy = FileDescriptor(::open(".", O_PATH | O_DIRECTORY | O_CLOEXEC));
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const auto stream = static_cast<int>(i);
    if (::fstat(stream, &streams_[i].status) == 0) streams_[i].copy = copy_of_descriptor(stream);
  }
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], nullptr, &handlers_[i]);
  for (std::size_t i = 0; i < kLimits.size(); ++i) ::getrlimit(kLimits[i], &limits_[i]);
}

bool ProcessState::handler_stands(std::size_t i) const {
  struct sigaction now {};
  if (::sigaction(kSignals[i], nullptr, &now) != 0) return true;
  const auto flags = static_cast<unsigned>(now.sa_flags ^ handlers_[i].sa_flags) & ~kRestorer;
  return now.sa_handler == handlers_[i].sa_handler && flags == 0;
}

bool ProcessState::handlers_stand() const {
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    if (!handler_stands(i)) return false;
  return true;
}

bool ProcessState::folder_stands() const {
  struct stat now {};
  return !folder_.copy || ::stat(".", &now) != 0 || is_same_file(now, folder_.status);
}

bool ProcessState::streams_stand() const {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const auto stream = static_cast<int>(i);
    const File& before = streams_[i];
    if (before.copy ? !is_still_file(stream, before.status) : ::fcntl(stream, F_GETFD) >= 0) return false;
  }
  return true;
}

bool ProcessState::descriptors_stand() const {
  const auto stands = [](const File& file) { return !file.copy || is_still_file(file.copy.get(), file.status); };
  return stands(folder_) && std::ranges::all_of(streams_, stands);
}

bool ProcessState::limits_stand() const {
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    rlimit now{};
    if (::getrlimit(kLimits[i], &now) == 0 && is_lower(now, limits_[i])) return false;
  }
  return true;
}

std::string_view ProcessState::changed(At at) const {
  if (!descriptors_stand()) return kItClosedDescriptors;
  if (locale_now() != locale_) return kLocale;
  if (at != At::kRun && umask_now() != umask_)
    return "it changed the mode of new files (umask) and did not put it back";
  if (!folder_stands()) return "it changed the current folder and did not go back";
  if (!streams_stand()) return "it closed or redirected standard input, standard output or standard error";
  if (!limits_stand()) return "it lowered a resource limit of the process";
  for (const int timer : kTimers)
    if (is_running(timer)) return "it set a timer of the process (alarm or setitimer) and did not stop it";
  if (at != At::kCreate && !handlers_stand())
    return "it changed how the process handles signals and did not put that back";
  return {};
}

void ProcessState::restore() const {
  if (locale_now() != locale_) std::setlocale(LC_ALL, locale_.c_str());
  ::umask(umask_);
  if (!folder_stands() && ::fchdir(folder_.copy.get()) != 0) return;
  if (!streams_stand()) {
    for (std::size_t i = 0; i < streams_.size(); ++i)
      if (streams_[i].copy) ::dup2(streams_[i].copy.get(), static_cast<int>(i));
  }
  restore_handlers();
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    rlimit now{};
    if (::getrlimit(kLimits[i], &now) == 0 && is_lower(now, limits_[i])) ::setrlimit(kLimits[i], &limits_[i]);
  }
  const itimerval none{};
  for (const int timer : kTimers)
    if (is_running(timer)) ::setitimer(static_cast<__itimer_which>(timer), &none, nullptr);
}

void ProcessState::restore_handlers() const {
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    if (!handler_stands(i)) ::sigaction(kSignals[i], &handlers_[i], nullptr);
}

const ProcessState* ProcessState::kept() noexcept { return kept_state; }

void ProcessState::keep() { kept_state = new ProcessState; }  // for the life of the process

void ProcessState::forget() noexcept { kept_state = nullptr; }

bool process_stands(ProcessState::At at) {
  const ProcessState* const state = ProcessState::kept();
  return state == nullptr || state->changed(at).empty();
}

std::string_view put_process_back(ProcessState::At at) {
  const ProcessState* const state = ProcessState::kept();
  if (state == nullptr) return {};
  const std::string_view reason = state->changed(at);
  if (!reason.empty()) state->restore();
  if (at == ProcessState::At::kCreate) state->restore_handlers();
  return reason;
}

}  // namespace flowgauge
