// What of the process belongs to the host, and plugins have to leave as it is: locale, mode of new files, current
// folder, standard streams, signals, resource limits, timers. Floating point is float_state.h's.
// Only where the host is the program: elsewhere all this is the caller's, and may change at any time.
#pragma once

#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/handle.h"

namespace flowgauge {

// Exit code of a process that has lost its descriptors to a plugin, and with them the ways to say so.
inline constexpr int kExitWithoutDescriptors = 113;

// Reasons of a failure; those without "it" have another subject.
inline constexpr std::string_view kItClosedDescriptors = "it closed descriptors that are not its own";
inline constexpr std::string_view kClosedDescriptors = kItClosedDescriptors.substr(3);
inline constexpr std::string_view kItWroteToDescriptors = "it wrote into a descriptor that is not its own";
inline constexpr std::string_view kWroteToDescriptors = kItWroteToDescriptors.substr(3);

// What each thread has for itself: blocked signals and a locale.
class ThreadState {
 public:
  // Of this thread, now.
  ThreadState();
  // The reason of a failure, or empty: as ProcessState's.
  [[nodiscard]] std::string_view changed() const;
  void restore() const;

 private:
  locale_t locale_;
  sigset_t blocked_{};
};

class ProcessState {
 public:
  // When it is looked at.
  enum class At : std::uint8_t {
    kCreate,  // runtimes of languages install handlers of signals when they are loaded, or a little later: no matter
    kRun,     // not at the mode of new files: to read it is to change it for a moment
    kEnd,
  };

  // Of the process, now.
  ProcessState();
  ProcessState(const ProcessState&) = delete;
  ProcessState& operator=(const ProcessState&) = delete;

  // What is otherwise now, as the reason of a failure: "it changed the locale and did not put it back"; empty: nothing.
  [[nodiscard]] std::string_view changed(At at) const;
  // Whether descriptors that it keeps are still its own. Who closes these has closed others, too, that threads of the
  // host wait for.
  [[nodiscard]] bool descriptors_stand() const;
  // Gives the process this state again.
  void restore() const;
  void restore_handlers() const;  // of signals

  // That which the host has kept, before it loaded anything; nullptr: it is the caller's.
  [[nodiscard]] static const ProcessState* kept() noexcept;
  // Keeps today's, for the life of the process.
  static void keep();
  // In a child that was given limits of its own: what its parent has kept is no measure for it.
  static void forget() noexcept;

 private:
  static constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE,  SIGILL,  SIGABRT, SIGINT,
                                          SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ, SIGALRM, SIGCHLD};
  static constexpr std::array kLimits = {RLIMIT_AS, RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_NPROC};
  struct File {
    struct stat status {};
    FileDescriptor copy;  // invalid: there was none
  };
  [[nodiscard]] bool handlers_stand() const;
  [[nodiscard]] bool handler_stands(std::size_t signal) const;
  [[nodiscard]] bool folder_stands() const;
  [[nodiscard]] bool streams_stand() const;
  [[nodiscard]] bool limits_stand() const;

  std::string locale_;
  mode_t umask_ = 0;
  File folder_;
  std::array<File, 3> streams_;
  std::array<struct sigaction, kSignals.size()> handlers_{};
  std::array<rlimit, kLimits.size()> limits_{};
};

// Whether a call that begins now finds it as it was kept.
[[nodiscard]] bool process_stands(ProcessState::At at);
// After a call: what it left changed is put back. The reason of its failure, or empty.
[[nodiscard]] std::string_view put_process_back(ProcessState::At at);

// Constructors of libraries do such things, and nobody could do anything about a library that a plugin needs: what they
// changed is put back in silence.
class KeptProcessState {
 public:
  KeptProcessState() = default;
  KeptProcessState(const KeptProcessState&) = delete;
  KeptProcessState& operator=(const KeptProcessState&) = delete;
  ~KeptProcessState() {
    thread_.restore();
    if (const ProcessState* state = ProcessState::kept(); state != nullptr) state->restore();
  }

 private:
  ThreadState thread_;
};

}  // namespace flowgauge
