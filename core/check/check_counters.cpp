// counters: reading them changes nothing, and they only grow.
#include <fmt/format.h>

#include <algorithm>

#include "core/check/checks.h"
#include "core/check/plugin_call.h"
#include "core/plugin/process_state.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kBatch = 7;

// Asks now and then, and compares with what was said before.
class CounterWatch {
 public:
  CounterWatch(const Feature& feature, Rig& rig) : feature_(feature), rig_(rig), last_(feature.counters.size()) {}

  // Twice, in memory that is filled with two things.
  [[nodiscard]] Finding ask() {
    std::vector<std::uint64_t> once;
    std::vector<std::uint64_t> again;
    if (Finding wrong = rig_.count(0x5a5a5a5a5a5a5a5a, once); !wrong.empty()) return wrong;
    if (Finding wrong = rig_.count(0xa5a5a5a5a5a5a5a5, again); !wrong.empty()) return wrong;
    for (std::size_t i = 0; i < last_.size(); ++i) {
      const auto who = [&] {
        return fmt::format("feature '{}': counter '{}' ", feature_.name, feature_.counters[i].name);
      };
      if (once[i] == 0x5a5a5a5a5a5a5a5a && again[i] == 0xa5a5a5a5a5a5a5a5)
        return who() + "is not written by count; write each value, 0 too";
      if (once[i] != again[i])
        return who() + fmt::format(
                           "is {}, and {} when count is called again without a packet between; let count change "
                           "nothing",
                           once[i], again[i]);
      if (once[i] < last_[i])
        return who() + fmt::format("falls from {} to {}; a counter only grows", last_[i], once[i]);
    }
    last_ = once;
    return {};
  }

 private:
  const Feature& feature_;
  Rig& rig_;
  std::vector<std::uint64_t> last_;
};

Finding drive_watched(Rig& rig, CounterWatch& watch, Rows& rows) {
  if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
  if (Finding wrong = watch.ask(); !wrong.empty()) return wrong;
  for (std::uint32_t begin = 0; begin < rig.packet_count(); begin += kBatch) {
    const std::uint32_t end = std::min(begin + kBatch, rig.packet_count());
    if (Finding wrong = rig.update_all(kBatch, begin, end); !wrong.empty()) return wrong;
    if (Finding wrong = watch.ask(); !wrong.empty()) return wrong;
  }
  if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong;
  if (Finding wrong = watch.ask(); !wrong.empty()) return wrong;
  rig.release_all();
  return watch.ask();
}

Finding ask_counters(const Tested& tested) {
  if (tested.feature.counters.empty()) return {};
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig first(tested.feature, tested.options, made);
  if (Finding wrong = drive(first, usual, kBatch); !wrong.empty()) return wrong;
  Rows rows;
  Rig rig(tested.feature, tested.options, made);
  CounterWatch watch(tested.feature, rig);
  if (Finding wrong = drive_watched(rig, watch, rows); !wrong.empty()) return wrong;
  // What other calls leave changed is the matter of process-state.
  if (whole_call_failure().find(" failed in count: ") != std::string::npos) return whole_call_failure();
  return in_case("where count is called between batches", first_difference(tested.feature, usual, rows));
}

}  // namespace

Verdict check_counters(const Subject& subject) {
  const auto counts = [](const Feature& feature) { return !feature.counters.empty(); };
  if (std::ranges::none_of(subject.module.features, counts)) return skipped("no feature of it has counters");
  ProcessState::keep();
  judge_calls_whole();
  return each_feature(subject, ask_counters);
}

}  // namespace flowgauge
