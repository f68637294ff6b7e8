// Which plugin runs on this thread just now: for the handler of a crash, and for the text of a failure.
// Everything here is per thread and free of allocation; reading is async-signal-safe.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/plugin/call_board.h"

namespace flowgauge {

struct RunningCall {
  const char* path = nullptr;     // of the module; "flowgauge" for what is built in
  const char* feature = nullptr;  // its name
  const char* call = nullptr;     // "update"
  enum class Errors : std::uint8_t { kLogged, kKept };
  Errors errors = Errors::kLogged;   // kept: they are a part of what the host says
  const char* kind = "feature";      // of which it is the name
  mutable std::uint32_t number = 0;  // on the board of this process (call_board.h); 0: not yet
  mutable bool is_judged = false;    // what it leaves changed of the process (process_state.h), once
};

// Null while no plugin runs. From a signal handler: valid on the thread that crashed.
[[nodiscard]] const RunningCall* running_call() noexcept;

namespace current_call {

struct OfThread {
  const RunningCall* running = nullptr;
  std::size_t error_bytes = 0;
  CallBoard* board = nullptr;       // that the slot is of
  CallBoard::Slot* slot = nullptr;  // null: there is no board, or no room on it
};
extern constinit thread_local OfThread here;
extern constinit bool is_copy;  // this process was made by fork() in a call

// The first call of a thread, or of this name.
void show_first(const RunningCall& call) noexcept;

}  // namespace current_call

// Marks a call into a plugin for its scope and forgets older error texts. `call` must outlive it, and is of one thread.
// A process that the plugin forked in the call ends where the call returns: it is no second host.
class RunningScope {
 public:
  explicit RunningScope(const RunningCall* call) noexcept {
    current_call::OfThread& here = current_call::here;
    here.running = call;
    here.error_bytes = 0;
    if (here.board != CallBoard::used() || (here.board != nullptr && call->number == 0)) [[unlikely]]
      current_call::show_first(*call);
    else if (here.slot != nullptr)
      here.slot->store(call->number, std::memory_order_relaxed);
  }
  RunningScope(const RunningScope&) = delete;
  RunningScope& operator=(const RunningScope&) = delete;
  ~RunningScope() {
    if (current_call::is_copy) [[unlikely]]
      ::_exit(0);
    current_call::OfThread& here = current_call::here;
    here.running = nullptr;
    if (here.slot != nullptr) here.slot->store(0, std::memory_order_relaxed);
  }
};

// The last error that was logged on this thread since the last call began; empty if none. Cut at 1,000 bytes.
[[nodiscard]] std::string_view last_plugin_error() noexcept;
// The same, for a sentence: "it did not say why" if none.
[[nodiscard]] std::string plugin_reason();
void keep_plugin_error(std::string_view text) noexcept;

}  // namespace flowgauge
