// instances: one per worker. Two of them in turn on one thread, then on two threads at once.
#include <fmt/format.h>

#include <array>
#include <thread>

#include "core/check/checks.h"

namespace flowgauge {
namespace {

constexpr int kRoundsOfThread = 20;

Finding compare(const Tested& tested, const Rows& usual, const Rows& rows, const std::string& when) {
  return in_case(when, first_difference(tested.feature, usual, rows));
}

// The first is gone before the second has its rows.
Finding in_turn(const Tested& tested, const MadeFlows& made, const Rows& usual) {
  const std::string when = "with two instances in turn";
  Rig first(tested.feature, tested.options, made);
  Rig second(tested.feature, tested.options, made);
  if (Finding wrong = first.create(0); !wrong.empty()) return in_case(when, wrong);
  if (Finding wrong = second.create(1); !wrong.empty()) return in_case(when, wrong);
  constexpr std::uint32_t kStep = kBatchPackets;
  for (std::uint32_t begin = 0; begin < first.packet_count(); begin += kStep) {
    const std::uint32_t end = std::min(begin + kStep, first.packet_count());
    for (Rig* rig : {&first, &second}) {
      if (Finding wrong = rig->update_all(kStep, begin, end); !wrong.empty()) return in_case(when, wrong);
    }
  }
  std::array<Rows, 2> rows;
  if (Finding wrong = first.emit_all(rows[0]); !wrong.empty()) return in_case(when, wrong);
  first.release_all();
  first.destroy();
  if (Finding wrong = second.emit_all(rows[1]); !wrong.empty()) return in_case(when, wrong);
  if (Finding wrong = compare(tested, usual, rows[0], when); !wrong.empty()) return wrong;
  return compare(tested, usual, rows[1], when);
}

Finding on_two_threads(const Tested& tested, const MadeFlows& made, const Rows& usual) {
  const std::string when = "with two instances on two threads";
  std::array<Finding, 2> found;
  const auto work = [&](std::uint32_t worker) {
    for (int round = 0; round < kRoundsOfThread && found[worker].empty(); ++round) {
      Rows rows;
      Rig rig(tested.feature, tested.options, made);
      Finding wrong = rig.create(worker);
      if (wrong.empty()) wrong = rig.update_all();
      if (wrong.empty()) wrong = rig.emit_all(rows);
      found[worker] = wrong.empty() ? compare(tested, usual, rows, when) : in_case(when, wrong);
    }
  };
  {
    const std::jthread other(work, 1);
    work(0);
  }
  return found[0].empty() ? found[1] : found[0];
}

Finding ask_instances(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = drive(rig, usual); !wrong.empty()) return wrong;
  if (Finding wrong = in_turn(tested, made, usual); !wrong.empty()) return wrong;
  return on_two_threads(tested, made, usual);
}

}  // namespace

Verdict check_instances(const Subject& subject) { return each_feature(subject, ask_instances); }

}  // namespace flowgauge
