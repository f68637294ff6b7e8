#include "core/app/refused_call.h"

#include <sys/ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <string_view>

#include "core/app/signals.h"
#include "core/app/supervised.h"
#include "core/host/system_calls.h"
#include "core/plugin/current_call.h"

namespace flowgauge {
namespace {

constexpr int kSeccomp = 1;  // SYS_SECCOMP, which not every C library has

Supervised unsupervised;

// Whether this is the first time, or nobody could say.
bool is_new(std::uint64_t asked) {
  Supervised* const shared = supervised();
  for (auto& told : (shared == nullptr ? unsupervised : *shared).refused_calls) {
    std::uint64_t free = 0;
    if (told.compare_exchange_strong(free, asked)) return true;
    if (free == asked) return false;
  }
  return false;
}

// What the call has given is what lies in this register then.
void make_fail(void* context, int error) {
  auto* const machine = &static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  machine->gregs[REG_RAX] = -error;
#elif defined(__aarch64__)
  machine->regs[0] = static_cast<unsigned long long>(-static_cast<long long>(error));
#else
#error "say where this machine has what a system call gives"
#endif
}

void tell(std::string_view call, const RunningCall* of) {
  if (of == nullptr) {
    write_warning({"a thread or library asked the kernel for ", call,
                   ", outside of all calls into plugins; a live run refuses it, --no-seccomp does not"});
    return;
  }
  write_warning({of->path, ": ", of->kind, " '", of->feature, "' asked the kernel for ", call, " in ", of->call,
                 ", which a live run refuses; it got EPERM; leave it out of the profile, or run with --no-seccomp"});
}

void on_refused(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  if (info->si_code != kSeccomp) {  // somebody sent it
    ::signal(signal, SIG_DFL);
    raise(signal);
    return;
  }
  const RunningCall* const call = running_call();
  const std::uint64_t number = call == nullptr ? 0 : call->number;
  if (is_new(number << 32 | (static_cast<std::uint32_t>(info->si_syscall) + 1U)))
    tell(refused_call_name(info->si_syscall), call);
  make_fail(context, EPERM);
  errno = error;
}

}  // namespace

void install_refused_call_handler() {
  struct sigaction action {};
  action.sa_sigaction = on_refused;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  sigaction(SIGSYS, &action, nullptr);
}

}  // namespace flowgauge
