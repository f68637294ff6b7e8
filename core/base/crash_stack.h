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
  }
  CrashStack(const CrashStack&) = delete;
  CrashStack& operator=(const CrashStack&) = delete;
  ~CrashStack() { sigaltstack(&before_, nullptr); }

 private:
  std::array<unsigned char, 64 * 1024> bytes_;
  stack_t before_{};
};

}  // namespace flowgauge
