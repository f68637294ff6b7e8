// Code that nobody knows yet, run in a child process: whatever it does there - crash, hang, end the process, eat memory -
// the host lives on and can say what it was. Call it before any thread is started.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

// More than a plugin may need while it starts, less than what would hurt the machine.
inline constexpr std::uint64_t kTrialMemoryBytes = std::uint64_t{4} << 30;

// The child's end of the pipe to its parent.
class TrialPipe {
 public:
  explicit TrialPipe(int descriptor) : descriptor_(descriptor) {}
  void tell(std::string_view text) const;

 private:
  int descriptor_;
};

struct TrialEnd {
  std::string told;      // all that the child told
  bool in_time = false;  // false: the limit was over before the child
  int status = 0;        // of waitpid
};

// The child tells what it likes and returns from `work`, or tells `done` last; then nobody waits for it any longer.
// What it starts ends with it. Fails where no process can be made.
[[nodiscard]] Result<TrialEnd> run_in_child(const std::function<void(TrialPipe)>& work, std::string_view done,
                                            std::chrono::milliseconds limit);

// "crashed in WHERE (signal 6, Aborted)", "did not finish WHERE within 10 s": of an end that was not done.
[[nodiscard]] std::string trial_failure(const TrialEnd& end, std::string_view where, std::chrono::milliseconds limit);

}  // namespace flowgauge
