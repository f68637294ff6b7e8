// clock-and-output: what a cell says comes from packets alone, and what a run says is the host's to say.
#include <fmt/format.h>

#include "core/base/log.h"
#include "core/check/call_watch.h"
#include "core/check/checks.h"

namespace flowgauge {
namespace {

Finding ask_watched(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  const LogScope silent(nullptr);
  CallWatch watch(reinterpret_cast<const void*>(tested.feature.table.create));
  Rows rows;
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
  (void)watch.seen();  // create may
  const auto in_call = [&](std::string_view call) {
    const Finding seen = watch.seen();
    return seen.empty() ? seen : fmt::format("feature '{}': {} {}", tested.feature.name, call, seen);
  };
  if (Finding wrong = rig.update_all(); !wrong.empty()) return wrong;
  if (Finding wrong = in_call("update"); !wrong.empty()) return wrong;
  if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong;
  if (Finding wrong = in_call("emit"); !wrong.empty()) return wrong;
  rig.release_all();
  return in_call("release");
}

}  // namespace

Verdict check_clock_and_output(const Subject& subject) { return each_feature(subject, ask_watched); }

}  // namespace flowgauge
