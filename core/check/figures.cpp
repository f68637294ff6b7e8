#include "core/check/figures.h"

#include <algorithm>
#include <chrono>

namespace flowgauge {
namespace {

constexpr int kRuns = 9;           // the fastest counts
constexpr int kBatchesOfRun = 64;  // of one and the same batch

double measure(const Tested& tested) {
  using Clock = std::chrono::steady_clock;
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rig rig(tested.feature, tested.options, made);
  const std::uint32_t count = std::min<std::uint32_t>(kBatchPackets, rig.packet_count());
  if (!rig.create().empty() || !rig.update_all(kBatchPackets, 0, count).empty()) return 0;
  auto fastest = Clock::duration::max();
  for (int run = 0; run < kRuns; ++run) {
    const auto begin = Clock::now();
    for (int i = 0; i < kBatchesOfRun; ++i) {
      if (rig.repeat_update() != FG_OK) return 0;
    }
    fastest = std::min(fastest, Clock::now() - begin);
  }
  return std::chrono::duration<double, std::nano>(fastest).count() / (kBatchesOfRun * count);
}

}  // namespace

std::vector<FeatureFigures> measure_features(const Subject& subject) {
  std::vector<FeatureFigures> figures;
  static_cast<void>(each_feature(subject, [&](const Tested& tested) -> Finding {
    figures.push_back({tested.feature.name, tested.feature.table.state_size,
                       static_cast<std::uint32_t>(tested.feature.columns.size()), measure(tested)});
    return {};
  }));
  return figures;
}

}  // namespace flowgauge
