// stride: items lie further apart than their size, states elsewhere, columns are unwanted; and nothing is written
// beside what is the feature's.
#include "core/check/checks.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kMoreStride = 64;

// Every second column, beginning with `first`.
Finding ask_for_half(const Tested& tested, const MadeFlows& made, const Rows& usual, std::size_t first) {
  const std::string when = "while only some columns are wanted";
  std::vector<bool> wanted(tested.feature.columns.size());
  for (std::size_t c = first; c < wanted.size(); c += 2) wanted[c] = true;
  Rows rows;
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
  if (Finding wrong = rig.update_all(); !wrong.empty()) return in_case(when, wrong);
  if (Finding wrong = rig.emit(rig.flow_numbers(), rows, wanted); !wrong.empty()) return in_case(when, wrong);
  if (Finding wrong = rig.written_beside(); !wrong.empty()) return in_case(when, wrong);
  return in_case(when, first_difference(tested.feature, usual, rows));
}

Finding ask_stride(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows usual;
  Rig narrow(tested.feature, tested.options, made);
  if (Finding wrong = drive(narrow, usual); !wrong.empty()) return wrong;
  if (Finding wrong = narrow.written_beside(); !wrong.empty()) return wrong;

  const std::string when = "with wider strides";
  const std::uint32_t more_packet = knows_more(*tested.feature.module) ? 0 : kMoreStride;
  Rows rows;
  Rig wide(tested.feature, tested.options, made,
           {.more_stride = kMoreStride, .more_packet = more_packet, .state_offset = 192});
  if (Finding wrong = drive(wide, rows); !wrong.empty()) return in_case(when, wrong);
  if (Finding wrong = wide.written_beside(); !wrong.empty()) return in_case(when, wrong);
  if (Finding wrong = first_difference(tested.feature, usual, rows); !wrong.empty()) return in_case(when, wrong);

  for (const std::size_t first : {0, 1}) {
    if (Finding wrong = ask_for_half(tested, made, usual, first); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

Verdict check_stride(const Subject& subject) {
  return without_longer(subject.module, "packets", each_feature(subject, ask_stride));
}

}  // namespace flowgauge
