// A call into the plugin under check. What it throws is its failure, and so is a floating-point state left changed.
#pragma once

#include <fmt/format.h>

#include <exception>

#include "core/plugin/guarded_call.h"

namespace flowgauge {

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
  return guarded(call, named) == FG_OK;
}

// Of a function that returns nothing: an error that it logs is its failure.
template <class Call>
bool succeeds_void(const RunningCall& call, const Call& function) noexcept {
  return succeeds(call, judged_by_its_log(function));
}

}  // namespace flowgauge
