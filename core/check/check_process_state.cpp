// process-state: no call leaves the process or its thread changed: locale, mode of new files, current folder, standard
// streams, signals, resource limits, timers.
#include "core/check/checks.h"
#include "core/check/plugin_call.h"
#include "core/plugin/process_state.h"

namespace flowgauge {
namespace {

Finding ask_process(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rig rig(tested.feature, tested.options, made);
  Rows rows;
  (void)drive(rig, rows);  // how it fails otherwise is the other checks' matter
  return whole_call_failure();
}

}  // namespace

// In a process of its own: nobody else there wants calls that are not judged whole.
Verdict check_process_state(const Subject& subject) {
  ProcessState::keep();
  judge_calls_whole();
  return each_feature(subject, ask_process);
}

}  // namespace flowgauge
