// Calls into a plugin. SDK plugins catch what they throw; whatever else may throw is kept from unwinding through the
// engine and becomes FG_ERROR, with its text for last_plugin_error().
#pragma once

#include <exception>
#include <new>

#include "core/plugin/current_call.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

template <class Call>
fg_status caught(const Call& function) noexcept {
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

// And a crash in it is known as this call's.
template <class Call>
fg_status guarded(const RunningCall& call, const Call& function) noexcept {
  const RunningScope scope(&call);
  return caught(function);
}

}  // namespace flowgauge
