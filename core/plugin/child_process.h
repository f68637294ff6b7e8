// Code that nobody knows yet, run in a child process: whatever it does there - crash, hang, end the process, eat memory
// - the host lives on and can say what it was. Call it before any thread is started.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace flowgauge {

struct ChildLimits {
  std::chrono::milliseconds time{10'000};  // by the clock, for those who sleep; anew with each word it tells
  std::chrono::seconds processor_time{0};  // 0: by the clock alone
  // Beyond what the process has mapped: more than a plugin may need, less than what would hurt the machine.
  std::uint64_t memory_bytes = std::uint64_t{4} << 30U;  // 0: without a limit
};

// The child's end of the pipe to its parent.
class ChildPipe {
 public:
  explicit ChildPipe(int descriptor) : descriptor_(descriptor) {}
  void tell(std::string_view text) const;  // async-signal-safe

 private:
  int descriptor_;
};

struct ChildEnd {
  std::string told;      // all that the child told
  bool in_time = false;  // false: the limit was over before the child; then SIGTERM lets it say where it is
  int status = 0;        // of waitpid
};

// The child tells what it likes and returns from `work`. What it starts ends with it. Fails where no process can be
// made.
[[nodiscard]] Result<ChildEnd> run_in_child(const std::function<void(ChildPipe)>& work, const ChildLimits& limits);

// What a child that somebody watches does first: its limits, and signals as usual.
void live_as_child(const ChildLimits& limits);

// Readable once the process has ended; invalid where the kernel has no such handles.
[[nodiscard]] FileDescriptor handle_of(pid_t process);

// Until a process ends that has nothing more to say, two seconds at most.
void wait_for_end(const FileDescriptor& handle);

// "10 s", "300 ms"
[[nodiscard]] std::string limit_text(std::chrono::milliseconds limit);

}  // namespace flowgauge
