// What the process that runs plugins and the one that watches it tell each other, in memory that both have: without a
// descriptor that a plugin could close, and readable when the run's process is gone. Async-signal-safe.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstdint>

#include "core/app/taken_terminal.h"
#include "core/host/run_user.h"
#include "core/plugin/call_board.h"

namespace flowgauge {

struct Supervised {
  static constexpr std::uint64_t kDone = 0x666c6f7767617567;  // no number that is written by accident
  static constexpr std::uint32_t kNobody = 0xffff'ffff;
  static constexpr std::uint32_t kForeignThread = 0xffff'fffe;

  CallBoard* board = nullptr;
  pid_t supervisor = 0;
  pid_t worker = 0;

  // Of the worker: how it ended.
  std::atomic<std::uint64_t> done{0};  // kDone: of its own will, with this code
  std::atomic<int> code{0};
  std::atomic<int> crash_signal{0};               // caught by its handler, the first
  std::atomic<std::uint32_t> crash_call{0};       // on the board; 0: none; kForeignThread: of no thread of the host
  std::atomic<std::uint32_t> exit_call{kNobody};  // where exit() was called; 0: outside of all calls

  // Requests to stop that each of them got. Whoever signals the group gives both one, whoever signals one of them that
  // one: the greater number is how often it was asked for.
  std::atomic<int> supervisor_stops{0};
  std::atomic<int> worker_stops{0};

  // Of a live run that was started as root: whom both processes go on as. The worker asks, the supervisor does it.
  enum class Rights : std::uint32_t { kUndecided, kRoot, kUser };
  static constexpr int kNotTaken = -1;
  UserIds user;
  std::atomic<Rights> rights_asked{Rights::kUndecided};
  std::atomic<int> rights_taken{kNotTaken};  // 0: done; else an error of errno

  // System calls of the worker that were refused and told of, each with the number of the call into a plugin.
  std::array<std::atomic<std::uint64_t>, 64> refused_calls{};

  TakenTerminal terminal;  // of the worker, which may die while a whole screen is shown

  void say_done(int with_code) noexcept {
    code.store(with_code);
    done.store(kDone);
  }
};

// Of this process, in the supervisor and the worker; nullptr: it is neither.
[[nodiscard]] Supervised* supervised() noexcept;

}  // namespace flowgauge
