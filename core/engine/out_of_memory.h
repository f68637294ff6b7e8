// Out of memory is an error like any other: it ends a run in order, and says what to change.
#pragma once

#include <cstdint>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

#include "core/base/result.h"
#include "core/report/run_report.h"

namespace flowgauge {

[[nodiscard]] Error out_of_memory(std::uint64_t max_flows);
// Of a thread that could not be started.
[[nodiscard]] Error no_thread(const std::system_error& error);

// What `work` returns, a Result; where it throws std::bad_alloc, that error. For the edge of a thread, and of what
// others call.
template <class Work>
[[nodiscard]] auto memory_permitting(std::uint64_t max_flows, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return std::unexpected(out_of_memory(max_flows));
  }
}

// Steps of a run that goes on to its end, whatever failed: its outputs are finished, and its report says what is there.
class MemoryGuard {
 public:
  explicit MemoryGuard(std::uint64_t max_flows) : error_(out_of_memory(max_flows)) {}

  // Does the work; what it lacks the memory or the thread for becomes `error`, if there is none yet.
  template <class Work>
  void step(std::optional<Error>& error, const Work& work) {
    try {
      work();
    } catch (const std::bad_alloc&) {
      if (!error) error = std::move(error_);
    } catch (const std::system_error& failure) {
      if (!error) error = no_thread(failure);
    }
  }

 private:
  Error error_;  // made beforehand
};

// Changes the report all at once, or throws. What stopped the run has given back its memory, so a second try is worth
// it.
template <class Change>
void change_report(RunReport& report, const Change& change) {
  const auto change_copy = [&] {
    RunReport changed = report;
    change(changed);
    report = std::move(changed);
  };
  try {
    change_copy();
  } catch (const std::bad_alloc&) {
    change_copy();
  }
}

}  // namespace flowgauge
