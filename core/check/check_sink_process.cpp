// sink-process: no call of a sink leaves the process changed, as process-state has it of features.
#include "core/check/checks.h"
#include "core/check/sink_drive.h"
#include "core/plugin/process_state.h"

namespace flowgauge {
namespace {

const MadeTable kLiveTable{.name = "of a live run", .batch_rows = {8, 8, 8}, .is_live = true};

}  // namespace

// In a process of its own: nobody else there wants calls that are judged so. That the sink does not fail otherwise,
// sink-rows has seen.
Verdict check_sink_process(const Subject& subject) {
  ProcessState::keep();
  return each_sink(subject, [](const TestedSink& tested) { return drive_sink(tested, SinkPlace(tested), kLiveTable); });
}

}  // namespace flowgauge
