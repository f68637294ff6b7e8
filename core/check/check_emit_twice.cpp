// emit-twice: emit also serves snapshots of flows that live on, so it changes nothing.
#include "core/check/checks.h"

namespace flowgauge {
namespace {

// A flow has a row when it has packets.
std::vector<std::uint32_t> begun(Rig& rig) {
  std::vector<std::uint32_t> flows;
  for (const std::uint32_t flow : rig.flow_numbers()) {
    if (rig.flows()[flow].packets[0] + rig.flows()[flow].packets[1] > 0) flows.push_back(flow);
  }
  return flows;
}

Finding ask_emit_twice(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig once(tested.feature, tested.options, made);
  if (Finding wrong = drive(once, usual); !wrong.empty()) return wrong;

  Rig often(tested.feature, tested.options, made);
  if (Finding wrong = often.create(); !wrong.empty()) return wrong;
  Rows rows;
  for (std::uint32_t begin = 0; begin < often.packet_count(); begin += kBatchPackets) {
    const std::uint32_t end = std::min(begin + static_cast<std::uint32_t>(kBatchPackets), often.packet_count());
    if (Finding wrong = often.update_all(kBatchPackets, begin, end); !wrong.empty()) return wrong;
    const auto before = often.states();
    if (Finding wrong = often.emit(begun(often), rows); !wrong.empty()) return in_case("in a snapshot", wrong);
    if (often.states() != before) {
      return "feature '" + tested.feature.name + "': emit changes the state of a flow; compute in copies of it";
    }
  }
  if (Finding wrong = first_difference(tested.feature, usual, rows); !wrong.empty()) {
    return in_case("after snapshots", wrong);
  }
  if (Finding wrong = often.emit_all(rows); !wrong.empty()) return in_case("the second time", wrong);
  return in_case("the second time", first_difference(tested.feature, usual, rows));
}

}  // namespace

Verdict check_emit_twice(const Subject& subject) { return each_feature(subject, ask_emit_twice); }

}  // namespace flowgauge
