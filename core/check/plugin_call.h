// A call into the plugin under check. What it throws is its failure, and so is a floating-point state left changed.
#pragma once

#include <fmt/format.h>

#include <exception>
#include <optional>
#include <string>

#include "core/plugin/guarded_call.h"

namespace flowgauge {

// From here on it is noted which call of this process first leaves process or thread changed (process_state.h).
void judge_calls_whole();
// "feature 'iat' failed in update: it changed ..."; empty: none so far.
[[nodiscard]] const std::string& whole_call_failure();

// Around a call: judges it, where that was asked for.
class WholeCall {
 public:
  explicit WholeCall(const RunningCall& call);
  WholeCall(const WholeCall&) = delete;
  WholeCall& operator=(const WholeCall&) = delete;
  ~WholeCall();

 private:
  const RunningCall& call_;
  std::optional<ThreadState> thread_;  // empty: not asked for
};

// The reason of a failure is last_plugin_error().
template <class Call>
bool succeeds(const RunningCall& call, const Call& function) noexcept {
  const auto named = [&] {
    try {
      return function();
    } catch (const std::exception& error) {
      keep_plugin_error(fmt::format("it threw an exception ({})", error.what()));
      return fg_status{FG_ERROR};
    }
  };
  const WholeCall whole(call);
  return guarded(call, named) == FG_OK;
}

// Of a function that returns nothing: an error that it logs is its failure.
template <class Call>
bool succeeds_void(const RunningCall& call, const Call& function) noexcept {
  return succeeds(call, judged_by_its_log(function));
}

}  // namespace flowgauge
