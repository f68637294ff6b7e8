// A stack for the handler of a crash on this thread, for as long as the object lives: whoever has used up its own could
// not say so without. Made and destroyed on the thread that works.
#pragma once

#include <array>
#include <csignal>

namespace flowgauge {

class CrashStack {
 public:
  CrashStack() noexcept {
    stack_t stack{};
    stack.ss_sp = bytes_.data();
    stack.ss_size = bytes_.size();
    sigaltstack(&stack, &before_);
    ++of_thread;
  }
  CrashStack(const CrashStack&) = delete;
  CrashStack& operator=(const CrashStack&) = delete;
  ~CrashStack() {
    sigaltstack(&before_, nullptr);
    --of_thread;
  }

  // Threads of the host have one; those that a plugin starts have none.
  [[nodiscard]] static bool is_on_this_thread() noexcept { return of_thread > 0; }

 private:
  static inline constinit thread_local int of_thread = 0;
  std::array<unsigned char, 64 * 1024> bytes_;
  stack_t before_{};
};

}  // namespace flowgauge
