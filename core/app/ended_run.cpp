#include "core/app/ended_run.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/plugin/process_state.h"

namespace flowgauge {
namespace {

constexpr std::string_view kLeaveOut = "leave it out of the profile, or tell its author";

std::string crash_text(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "segmentation fault";
    case SIGBUS:
      return "bus error";
    case SIGFPE:
      return "arithmetic error";
    case SIGILL:
      return "illegal instruction";
    case SIGABRT:
      return "abort";
    default:
      return fmt::format("signal {}, {}", signal, ::strsignal(signal));
  }
}

// "in 'update' of plugin 'iat' (/a/iat.so)"
std::string place_of(const NamedCall& call) {
  return fmt::format("in '{}' of plugin '{}' ({})", call.call, call.feature, call.path);
}

std::string crash_message(const Supervised& shared, int signal) {
  const std::uint32_t number = shared.crash_call.load();
  if (number == Supervised::kForeignThread)
    return fmt::format("crashed ({}) in a thread that a plugin has started; leave plugins out one by one to find it",
                       crash_text(signal));
  const NamedCall call = shared.board->named(number);
  if (call.call.empty())
    return fmt::format("crashed ({}); this is a bug in flowgauge: please report it with the command and the input",
                       crash_text(signal));
  return fmt::format("crashed ({}) {}; leave it out of the profile and tell its author", crash_text(signal),
                     place_of(call));
}

// Whose call it was that ended the process: the one that called exit(), else those that were under way.
std::vector<NamedCall> suspects(const Supervised& shared) {
  const std::uint32_t of_exit = shared.exit_call.load();
  if (of_exit == 0) return {};
  if (of_exit != Supervised::kNobody)
    if (NamedCall call = shared.board->named(of_exit); !call.call.empty()) return {std::move(call)};
  return shared.board->running();
}

// `what`: "ended the process", `how`: "exit code 0".
std::string plugin_message(const Supervised& shared, std::string_view what, std::string_view how) {
  const std::vector<NamedCall> calls = suspects(shared);
  if (calls.size() == 1) {
    const NamedCall& call = calls.front();
    return fmt::format("{}: {} '{}' {} in {} ({}); {}", call.path, call.kind, call.feature, what, call.call, how,
                       kLeaveOut);
  }
  std::string where = "outside of all calls, by a thread or a handler that a plugin left behind";
  if (!calls.empty()) {
    std::vector<std::string> places;
    for (const NamedCall& call : calls) places.push_back(place_of(call));
    where = "by one of these: " + join(places);
  }
  return fmt::format("a plugin {} ({}) {}; leave plugins out one by one to find it", what, how, where);
}

// `closer` has no call where nobody knows.
std::string descriptors_message(const NamedCall& closer) {
  if (closer.call.empty())
    return fmt::format("a plugin {}; leave plugins out one by one to find it", kClosedDescriptors);
  return fmt::format("{}: {} '{}' {} in {}; {}", closer.path, closer.kind, closer.feature, kClosedDescriptors,
                     closer.call, kLeaveOut);
}

}  // namespace

EndOfWorker end_of_worker(const Supervised& shared, int status) {
  EndOfWorker end;
  const bool is_done = shared.done.load() == Supervised::kDone;
  if (is_done && WIFEXITED(status)) {
    end.code = static_cast<ExitCode>(shared.code.load());
    return end;
  }
  if (WIFEXITED(status)) {
    end.code = ExitCode::kPlugin;
    const int code = WEXITSTATUS(status);
    end.message = code == kExitWithoutDescriptors
                      ? descriptors_message(shared.board->closed_by())
                      : plugin_message(shared, "ended the process", fmt::format("exit code {}", code));
    return end;
  }
  end.signal = WTERMSIG(status);
  if (const int caught = shared.crash_signal.load(); caught != 0) {
    end.message = crash_message(shared, caught);
  } else if (end.signal == SIGQUIT || end.signal == SIGKILL) {
    // By whoever asked for it, or for want of memory: no plugin's doing.
    if (end.signal == SIGKILL)
      end.message = "was killed (signal 9), from outside or since the machine has no memory left";
  } else {
    end.message = plugin_message(shared, "ended the process", crash_text(end.signal));
  }
  return end;
}

}  // namespace flowgauge
