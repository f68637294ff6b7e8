// Calls into a plugin. SDK plugins catch what they throw; whatever else may throw is kept from unwinding through the
// engine and becomes FG_ERROR, with its text for last_plugin_error(). So does a floating-point state that the call
// leaves changed: it is put back at once, so that nobody else calculates with it.
#pragma once

#include <unistd.h>

#include <exception>
#include <new>

#include "core/plugin/current_call.h"
#include "core/plugin/float_state.h"
#include "core/plugin/process_state.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

template <class Call>
fg_status without_exceptions(const Call& function) noexcept {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    keep_plugin_error("out of memory");
  } catch (const std::exception& error) {
    keep_plugin_error(error.what());
  } catch (...) {
    keep_plugin_error("it threw an exception");
  }
  return FG_ERROR;
}

// `before`: of this thread, to be left so. Who makes many calls looks at it once.
template <class Call>
fg_status caught(const Call& function, const FloatState& before = FloatState::now()) noexcept {
  const fg_status status = without_exceptions(function);
  if (before.stands()) [[likely]]
    return status;
  const std::string_view changed = before.restore();
  // What the plugin itself says of its failure goes first.
  if (status == FG_OK) keep_plugin_error(changed);
  return FG_ERROR;
}

// And a crash in it is known as this call's.
template <class Call>
fg_status guarded(const RunningCall& call, const Call& function,
                  const FloatState& before = FloatState::now()) noexcept {
  const RunningScope scope(&call);
  return caught(function, before);
}

// Of a function that returns nothing: an error that it logs is its failure. So the SDK says that something was thrown.
template <class Call>
auto judged_by_its_log(const Call& function) {
  return [&function]() -> fg_status {
    function();
    return last_plugin_error().empty() ? FG_OK : FG_ERROR;
  };
}

struct WholeOutcome {
  fg_status status;
  std::string_view changed;  // what of process or thread it left changed, as the reason of a failure; empty: nothing
};

// A process that has no descriptors any more waits for ever where it waits: it ends at once, and who watches it says
// why. `closer`: nullptr where nobody knows.
inline void end_without_descriptors(const RunningCall* closer) noexcept {
  const ProcessState* const state = ProcessState::kept();
  if (state == nullptr || state->descriptors_stand()) return;
  if (CallBoard* const board = CallBoard::used(); board != nullptr && closer != nullptr)
    board->say_closed(closer->number);
  ::_exit(kExitWithoutDescriptors);
}

// As guarded(), and process and thread are put back at once. Costs some system calls.
template <class Call>
WholeOutcome looked_at_whole(const RunningCall& call, ProcessState::At at, const Call& function) noexcept {
  end_without_descriptors(nullptr);
  const ThreadState thread;
  const bool stands = at != ProcessState::At::kRun || process_stands(at);  // else somebody else was it
  const fg_status status = guarded(call, function);
  end_without_descriptors(&call);
  std::string_view changed = thread.changed();
  if (!changed.empty()) thread.restore();
  if (stands && changed.empty()) changed = put_process_back(at);
  return {status, changed};
}

// And to leave something changed is a failure.
template <class Call>
fg_status guarded_whole(const RunningCall& call, ProcessState::At at, const Call& function) noexcept {
  const auto [status, changed] = looked_at_whole(call, at, function);
  if (changed.empty()) return status;
  if (status == FG_OK) keep_plugin_error(changed);
  return FG_ERROR;
}

}  // namespace flowgauge
