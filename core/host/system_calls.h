// The system calls that a process of a live run never needs, refused from here on (seccomp): to start programs, look
// into other processes, mount, load code into the kernel, change users. Linux alone, with libseccomp; stateless but for
// the filter, which stays.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

enum class LimitedProcess : std::uint8_t {
  kRun,         // the one with plugins and sinks, once it is attached
  kWatch,       // attaches anew: it may call bpf
  kSupervisor,  // may change its user: it has not done so yet
};

enum class OnRefused : std::uint8_t {
  kError,   // the call fails with EPERM
  kSignal,  // SIGSYS to the thread that calls, whose handler makes it fail (core/app/refused_call.h)
};

// False: this build is without libseccomp.
[[nodiscard]] bool can_limit_system_calls();

// For all threads, and whatever they start; they get no new privileges either. It comes on top of what there is.
// Nothing is limited where this build cannot. The error (kPrivilege): the kernel cannot.
[[nodiscard]] Result<void> limit_system_calls(LimitedProcess process, OnRefused refused);

// Of a call that some process is refused: "execve"; empty: none of them. Async-signal-safe.
[[nodiscard]] std::string_view refused_call_name(int number) noexcept;

}  // namespace flowgauge
