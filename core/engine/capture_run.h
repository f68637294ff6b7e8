// A run over capture files, or their event files: one stream of inputs through shards of its own into outputs of its
// own.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/input_run.h"
#include "core/engine/plan.h"
#include "core/events/event_folder.h"
#include "core/ingest/input_list.h"

namespace flowgauge {

struct CaptureRunOptions {
  std::vector<Input> inputs;
  std::vector<EventFileEntry> events;  // if there are any, the inputs are these
  std::uint64_t max_packets = 0;       // 0: all
  std::span<const std::string> paths;  // of the plan's outputs
  bool force = false;                  // replace existing files
  const StopRequest* stop = nullptr;   // ends the wait for a reader of a named pipe
};

// Fails before anything was read, and leaves no file then.
[[nodiscard]] Result<std::unique_ptr<InputRun>> open_capture_run(const Plan& plan, CaptureRunOptions options);

void describe_inputs(std::span<const Input> inputs, RunReport& report);

}  // namespace flowgauge
