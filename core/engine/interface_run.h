// A run over interfaces: attached, with a shard for each lane and outputs; no packet is taken yet.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/input_run.h"
#include "core/engine/live_pipeline.h"
#include "core/engine/plan.h"
#include "core/live/live_source.h"

namespace flowgauge {

// Attaches to interfaces.
using OpenLive = std::function<Result<std::unique_ptr<LiveSource>>(const LiveOptions&)>;
// Called once a live source is open, before its first packet is read, and before any thread is started or code of a
// sink runs: to give up privileges, which is the process's own matter.
using OnAttached = std::function<Result<void>(LiveSource&)>;

// Whose interfaces are watched: this one, where a part is empty.
struct LiveHost {
  OpenLive open;  // else open_live_source, of interfaces and with privileges that were looked at before
  OnAttached on_attached;
};

struct InterfaceRunOptions {
  std::vector<std::string> interfaces;
  LiveLimits limits;
  RunRequests* requests = nullptr;     // what it is asked for meanwhile; null: nothing
  std::span<const std::string> paths;  // of the plan's outputs
  bool force = false;                  // replace existing files
  const StopRequest* stop = nullptr;   // ends the wait for a reader
  LiveHost host;                       // `open` is there
};

// The source is opened first, then the outputs, whose sinks shall have none of its privileges. Leaves no file and
// nothing attached if it fails.
[[nodiscard]] Result<std::unique_ptr<InputRun>> open_interface_run(const Plan& plan, InterfaceRunOptions options);

// What a source is asked for; of an event no more than the columns and features need.
[[nodiscard]] LiveOptions live_options(const Plan& plan, const std::vector<std::string>& interfaces);

}  // namespace flowgauge
