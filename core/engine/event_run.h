// Captures into event files, one for each: the first of two stages, each file a task of its own (docs/cluster.md).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/plan.h"
#include "core/ingest/input_list.h"
#include "core/packet/ledger.h"

namespace flowgauge {

// The place of the captures at hand among those of the whole job.
struct PlaceInJob {
  std::uint32_t first = 1;  // number of the first capture
  std::uint32_t count = 0;  // of all; 0: those at hand are all
};

struct EventTask {
  std::string folder;  // that is there
  PlaceInJob place;
};

// What became of one capture.
struct WrittenEvents {
  std::string capture;
  std::string path;
  std::uint64_t bytes = 0;
  Ledger ledger;
  std::vector<std::string> warnings;
  std::vector<Error> problems;  // of a damaged capture: what is before the damage is in the file
};

using EventFileWritten = std::function<void(const WrittenEvents&)>;

// Calls `written` for each file, in order. A damaged capture does not end it; an error does: what keeps it from
// starting, a file that cannot be written, or the stop request (kInterrupted). Files that are whole stay.
[[nodiscard]] Result<void> write_event_files(const Plan& plan, std::span<const Input> captures, const EventTask& task,
                                             const StopRequest& stop, const EventFileWritten& written);

}  // namespace flowgauge
