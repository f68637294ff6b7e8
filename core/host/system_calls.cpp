#include "core/host/system_calls.h"

#include <linux/sched.h>
#include <seccomp.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/base/handle.h"
#include "core/base/sanitizers.h"

namespace flowgauge {
namespace {

enum class CallKind : std::uint8_t { kAlways, kTracing, kBpf, kUsers };

struct RefusedCall {
  int number;
  const char* name;
  CallKind kind = CallKind::kAlways;
};

// Those of old machines and new kernels are left out where there is none of that number.
#define FG_CALL(name, ...) \
  RefusedCall { SCMP_SYS(name), #name __VA_OPT__(, ) __VA_ARGS__ }
constexpr std::array kRefusedCalls = {
    // programs, and other processes
    FG_CALL(execve),
    FG_CALL(execveat),
    FG_CALL(vfork),
    FG_CALL(ptrace, CallKind::kTracing),
    FG_CALL(process_vm_readv, CallKind::kTracing),
    FG_CALL(process_vm_writev),
    FG_CALL(process_madvise),
    FG_CALL(pidfd_getfd),
    FG_CALL(kcmp),
    FG_CALL(personality),
    // the kernel's insides
    FG_CALL(bpf, CallKind::kBpf),
    FG_CALL(perf_event_open),
    FG_CALL(userfaultfd),
    FG_CALL(io_uring_setup),
    FG_CALL(io_uring_enter),
    FG_CALL(io_uring_register),
    FG_CALL(init_module),
    FG_CALL(finit_module),
    FG_CALL(delete_module),
    FG_CALL(kexec_load),
    FG_CALL(kexec_file_load),
    FG_CALL(lookup_dcookie),
    FG_CALL(syslog),
    FG_CALL(add_key),
    FG_CALL(request_key),
    FG_CALL(keyctl),
    FG_CALL(fanotify_init),
    FG_CALL(modify_ldt),
    FG_CALL(iopl),
    FG_CALL(ioperm),
    // what the machine is
    FG_CALL(mount),
    FG_CALL(umount2),
    FG_CALL(pivot_root),
    FG_CALL(chroot),
    FG_CALL(open_tree),
    FG_CALL(move_mount),
    FG_CALL(fsopen),
    FG_CALL(fsconfig),
    FG_CALL(fsmount),
    FG_CALL(fspick),
    FG_CALL(mount_setattr),
    FG_CALL(unshare),
    FG_CALL(setns),
    FG_CALL(open_by_handle_at),
    FG_CALL(swapon),
    FG_CALL(swapoff),
    FG_CALL(reboot),
    FG_CALL(acct),
    FG_CALL(quotactl),
    FG_CALL(settimeofday),
    FG_CALL(clock_settime),
    FG_CALL(sethostname),
    FG_CALL(setdomainname),
    FG_CALL(vhangup),
    // users
    FG_CALL(setuid, CallKind::kUsers),
    FG_CALL(setgid, CallKind::kUsers),
    FG_CALL(setreuid, CallKind::kUsers),
    FG_CALL(setregid, CallKind::kUsers),
    FG_CALL(setresuid, CallKind::kUsers),
    FG_CALL(setresgid, CallKind::kUsers),
    FG_CALL(setfsuid, CallKind::kUsers),
    FG_CALL(setfsgid, CallKind::kUsers),
    FG_CALL(setgroups, CallKind::kUsers),
};
#undef FG_CALL

// Of clone: a namespace is a way to new rights, and CLONE_VFORK is posix_spawn, whose new process would die of the
// signal in silence. It calls with all signals blocked, so that a signal would end the caller: always an error.
constexpr std::array<std::uint64_t, 9> kRefusedFlags = {CLONE_VFORK,  CLONE_NEWNS,  CLONE_NEWCGROUP,
                                                        CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER,
                                                        CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWTIME};

bool is_refused(const RefusedCall& call, LimitedProcess process) {
  switch (call.kind) {
    case CallKind::kTracing:
      return !kIsSanitized;  // it looks for leaks as a tracer of its own process
    case CallKind::kBpf:
      return process != LimitedProcess::kWatch;
    case CallKind::kUsers:
      return process != LimitedProcess::kSupervisor;
    case CallKind::kAlways:
      break;
  }
  return true;
}

using Filter = std::unique_ptr<void, Closer<seccomp_release>>;

// 0, or an error of errno as a negative number, as libseccomp has it.
int add_rules(scmp_filter_ctx filter, LimitedProcess process, std::uint32_t refuse) {
  for (const RefusedCall& call : kRefusedCalls) {
    if (call.number < 0 || !is_refused(call, process)) continue;  // below 0: not on this machine
    if (const int error = seccomp_rule_add(filter, refuse, call.number, 0); error != 0) return error;
  }
  for (const std::uint64_t flag : kRefusedFlags) {
    const scmp_arg_cmp has_flag = SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag);
    if (const int error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, has_flag); error != 0)
      return error;
  }
  // Its flags lie in memory, where no filter looks. The C library then takes clone.
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

}  // namespace

bool can_limit_system_calls() { return true; }

Result<void> limit_system_calls(LimitedProcess process, OnRefused refused) {
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  int error = filter == nullptr ? -ENOMEM : 0;
  if (error == 0) error = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  if (error == 0) error = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
  if (error == 0)
    error = add_rules(filter.get(), process, refused == OnRefused::kSignal ? SCMP_ACT_TRAP : SCMP_ACT_ERRNO(EPERM));
  if (error == 0) error = seccomp_load(filter.get());
  if (error == 0) return {};
  return fail(ExitCode::kPrivilege, "system calls cannot be limited (seccomp: {})", std::strerror(-error));
}

std::string_view refused_call_name(int number) noexcept {
  for (const RefusedCall& call : kRefusedCalls)
    if (call.number == number) return call.name;
  return {};
}

}  // namespace flowgauge
