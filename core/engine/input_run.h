// A run over inputs that are opened, with its shards and outputs: nothing is read yet.
#pragma once

#include "core/base/stop_request.h"
#include "core/engine/observer.h"
#include "core/report/run_report.h"

namespace flowgauge {

class InputRun {
 public:
  InputRun() = default;
  InputRun(const InputRun&) = delete;
  InputRun& operator=(const InputRun&) = delete;
  virtual ~InputRun() = default;

  // Once: to the end, or until `stop` is made. What it did is added to the report.
  virtual void run(StopRequest& stop, const Observer& observer, RunReport& report) = 0;
};

}  // namespace flowgauge
