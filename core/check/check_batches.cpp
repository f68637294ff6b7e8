// batch-invariance, interleaving: what may not matter to a flow's columns is how its packets come.
#include <fmt/format.h>

#include "core/check/checks.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kRandomSplits = 4;

// Batches of 1 to 64 packets, by chance.
Finding update_split(Rig& rig, std::uint64_t random) {
  for (std::uint32_t begin = 0; begin < rig.packet_count();) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    const auto size = static_cast<std::uint32_t>(1 + (random >> 33U) % kBatchPackets);
    const std::uint32_t end = std::min(begin + size, rig.packet_count());
    if (Finding wrong = rig.update_all(kBatchPackets, begin, end); !wrong.empty()) return wrong;
    begin = end;
  }
  return {};
}

Finding ask_splits(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig first(tested.feature, tested.options, made);
  if (Finding wrong = drive(first, usual); !wrong.empty()) return wrong;
  for (const std::uint32_t size : {1U, 2U, 7U, 63U}) {
    const std::string when = fmt::format("in batches of {} instead of 64", size);
    Rows rows;
    Rig rig(tested.feature, tested.options, made);
    if (Finding wrong = drive(rig, rows, size); !wrong.empty()) return in_case(when, wrong);
    if (Finding wrong = first_difference(tested.feature, usual, rows); !wrong.empty()) return in_case(when, wrong);
  }
  for (std::uint32_t i = 0; i < kRandomSplits; ++i) {
    const std::string when = "in batches of other sizes";
    Rows rows;
    Rig rig(tested.feature, tested.options, made);
    if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
    if (Finding wrong = update_split(rig, tested.seed + i); !wrong.empty()) return in_case(when, wrong);
    if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return in_case(when, wrong);
    if (Finding wrong = first_difference(tested.feature, usual, rows); !wrong.empty()) return in_case(when, wrong);
  }
  return {};
}

// The packets of one flow, cut where the batches of all flows were cut.
Finding update_alone(Rig& rig, const MadeFlows& made, std::uint32_t flow) {
  std::vector<std::uint32_t> own;
  for (std::uint32_t begin = 0; begin < rig.packet_count(); begin += kBatchPackets) {
    own.clear();
    for (std::uint32_t i = begin; i < rig.packet_count() && i < begin + kBatchPackets; ++i) {
      if (made.packets[i].flow == flow) own.push_back(i);
    }
    if (own.empty()) continue;
    if (Finding wrong = rig.update(own); !wrong.empty()) return wrong;
  }
  return {};
}

// Each flow in an instance of its own, its packets alone, its row alone.
Finding ask_alone(const Tested& tested, Kin kin) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .kin = kin, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig together(tested.feature, tested.options, made);
  if (Finding wrong = drive(together, usual); !wrong.empty()) return wrong;
  for (std::uint32_t flow = 0; flow < made.flows.size(); ++flow) {
    Rows row;
    Rig rig(tested.feature, tested.options, made);
    if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
    if (Finding wrong = update_alone(rig, made, flow); !wrong.empty()) return in_case("for a flow alone", wrong);
    if (Finding wrong = rig.emit({&flow, 1}, row); !wrong.empty()) return in_case("for a flow alone", wrong);
    if (Finding wrong = first_difference(tested.feature, usual, row, flow); !wrong.empty()) {
      return in_case("without the other flows", wrong);
    }
  }
  return {};
}

// Memory across flows mostly begins with what they share.
Finding ask_kin(const Tested& tested) {
  struct Case {
    Kin kin;
    const char* when;
  };
  constexpr Case kCases[] = {
      {Kin::kSource, "of flows with the same source"},
      {Kin::kDestination, "of flows with the same destination"},
      {Kin::kEndpoints, "of flows between the same two addresses"},
      {Kin::kNetwork, "of flows in the same networks"},
      {Kin::kMacs, "of flows with the same MACs"},
      {Kin::kVlan, "of flows in the same VLAN"},
  };
  if (Finding wrong = ask_alone(tested, Kin::kNone); !wrong.empty()) return wrong;
  for (const Case& one : kCases)
    if (Finding wrong = ask_alone(tested, one.kin); !wrong.empty()) return in_case(one.when, wrong);
  return {};
}

}  // namespace

Verdict check_batch_invariance(const Subject& subject) { return each_feature(subject, ask_splits); }

Verdict check_interleaving(const Subject& subject) { return each_feature(subject, ask_kin); }

}  // namespace flowgauge
