// The process in which plugins are tried, from the side of the one who asks. One request at a time.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/plugin/trial_limits.h"
#include "core/plugin/trial_request.h"

namespace flowgauge {

// Where plugins are tried.
struct PluginTrial {
  enum class How : std::uint8_t {
    kFork,   // a copy of this process, made before it has loaded anything or has another thread; else as kSpawn
    kSpawn,  // `flowgauge plugin trial`, started anew: from any process
    kNone,   // nowhere: by those who have tried them
  };
  How how = How::kFork;
  std::string program =
      {};  // of kSpawn, a path or a name in PATH; empty: FLOWGAUGE_PROGRAM, then that of this installation
  TrialLimits limits = {};
};

// How a request ended.
struct TrialEnd {
  enum class How : std::uint8_t {
    kDone,
    kRefused,  // in `step`, with the text
    kEnded,    // the process, with this status of waitpid
    kLate,     // it did not end in time
  };
  How how = How::kEnded;
  TrialWord step = TrialWord::kHello;  // the last that it came to
  std::string text;
  int status = 0;
  bool is_short_of_memory = false;  // it had used most of what it may
};

class TrialProcess {
 public:
  // Fails where no process can be made, or the program is not flowgauge.
  [[nodiscard]] static Result<std::unique_ptr<TrialProcess>> start(const PluginTrial& trial);
  TrialProcess(const TrialProcess&) = delete;
  TrialProcess& operator=(const TrialProcess&) = delete;
  // Ends it, with all that it has started.
  ~TrialProcess();

  // Waits for the answer. The descriptor goes with the request; -1: none.
  [[nodiscard]] TrialEnd ask(const std::string& request, int descriptor);
  // It waits for requests: none has ended it.
  [[nodiscard]] bool is_there() const;

 private:
  TrialProcess(pid_t process, FileDescriptor socket, const TrialLimits& limits);
  static Result<std::unique_ptr<TrialProcess>> fork(const PluginTrial& trial);
  static Result<std::unique_ptr<TrialProcess>> spawn(const PluginTrial& trial);
  enum class Heard : std::uint8_t { kMessage, kEnd, kNothing };
  Heard hear(TrialMessage& message, std::int64_t limit_ns) const;
  void reap(TrialEnd& end);

  pid_t process_;  // 0: it has ended
  FileDescriptor handle_;
  FileDescriptor socket_;
  TrialLimits limits_;
};

}  // namespace flowgauge
