// limits: a flow may live for ever and a row's memory may be used up; neither may take the process with it.
#include <fmt/format.h>

#include "core/check/checks.h"
#include "core/check/heap_in_use.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kPackets = 200'000;
constexpr std::size_t kMostFlowBytes = std::size_t{1} << 20U;

Finding ask_long_flow(const Tested& tested) {
  const std::string when = fmt::format("in a flow of {} packets", kPackets);
  const MadeFlows made = make_flows(
      {}, {.seed = tested.seed, .flows = 1, .packets_of_each = kPackets, .filters = tested.feature.packet_filters});
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
  if (Finding wrong = rig.update_all(kBatchPackets, 0, kBatchPackets); !wrong.empty()) return in_case(when, wrong);
  const std::size_t before = heap_in_use_bytes();
  if (Finding wrong = rig.update_all(kBatchPackets, kBatchPackets, kPackets); !wrong.empty())
    return in_case(when, wrong);
  const std::size_t after = heap_in_use_bytes();
  if (after > before + kMostFlowBytes) {
    return fmt::format(
        "feature '{}': {} its memory grows by {} bytes, more than {}; keep a bounded part of what packets say",
        tested.feature.name, when, after - before, kMostFlowBytes);
  }
  Rows rows;
  return in_case(when, rig.emit_all(rows));
}

Finding ask_full_arena(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows rows;
  Rig rig(tested.feature, tested.options, made, {.arena = ArenaRoom::kNone});
  return in_case("where arena_alloc gives NULL", drive(rig, rows));
}

Finding ask_limits(const Tested& tested) {
  if (Finding wrong = ask_full_arena(tested); !wrong.empty()) return wrong;
  return ask_long_flow(tested);
}

}  // namespace

Verdict check_limits(const Subject& subject) { return each_feature(subject, ask_limits); }

}  // namespace flowgauge
