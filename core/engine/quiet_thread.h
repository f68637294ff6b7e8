// For threads of a library: signals that are sent to the process are for the threads of those who use it.
#pragma once

#include <csignal>

namespace flowgauge {

// Of the calling thread and those that it starts. What the thread itself does wrong still reaches its handler.
inline void leave_signals_to_others() noexcept {
  sigset_t others;
  sigfillset(&others);
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) sigdelset(&others, own);
  ::pthread_sigmask(SIG_BLOCK, &others, nullptr);
}

}  // namespace flowgauge
