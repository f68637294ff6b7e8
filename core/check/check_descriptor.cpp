// descriptor: the tables are valid (the loader has judged them), and each feature can be created and destroyed.
#include "core/check/checks.h"

namespace flowgauge {

Verdict check_descriptor(const Subject& subject) {
  if (subject.module.features.empty()) return passed();
  return each_feature(subject, [](const Tested& tested) {
    const MadeFlows made = make_flows({}, {.seed = tested.seed, .flows = 1, .filters = tested.feature.packet_filters});
    Rig rig(tested.feature, tested.options, made);
    return rig.create();
  });
}

}  // namespace flowgauge
