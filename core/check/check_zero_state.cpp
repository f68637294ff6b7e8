// zero-state: the row of a flow of which the feature has seen nothing. Zero bytes are its state, and nothing was
// counted. So is it of flows with packets, where none fits the feature's packet filters.
#include <fmt/format.h>

#include "core/check/checks.h"
#include "core/check/child.h"

namespace flowgauge {
namespace {

bool counts(const fg_column& column) {
  if (column.type == FG_SERIES) return true;
  const bool is_number = column.type == FG_U64 || column.type == FG_I64 || column.type == FG_F64;
  return is_number && (column.unit == FG_UNIT_PACKETS || column.unit == FG_UNIT_BYTES);
}

// "=" and zero bytes, or null.
bool is_nothing(const std::string& cell) {
  return cell == "null" || cell.find_first_not_of('\0', 1) == std::string::npos;
}

Finding ask_zero_state(const Tested& tested) {
  const MadeFlows made = make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters});
  Rows rows;
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = rig.create(); !wrong.empty()) return wrong;
  if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong;
  if (!rig.bad_cells().empty()) return rig.bad_cells();
  for (std::size_t c = 0; c < rows.size(); ++c) {
    const fg_column& column = tested.feature.columns[c];
    if (!counts(column)) continue;
    for (const std::string& cell : rows[c].cells) {
      if (!is_nothing(cell)) {
        return fmt::format(
            "{}.{}: counts something in a flow without packets; let zero bytes mean that nothing was seen",
            tested.feature.name, column.name);
      }
    }
  }
  return {};
}

Finding ask_unfit(const Tested& tested) {
  if (tested.feature.packet_filters.empty()) return {};
  const char* const when = "in a flow that fits no packet filter";
  set_running_case(when);
  const MadeFlows made =
      make_flows({}, {.seed = tested.seed, .filters = tested.feature.packet_filters, .fit = Fit::kNone});
  Rows rows;
  Rig rig(tested.feature, tested.options, made);
  if (Finding wrong = drive(rig, rows); !wrong.empty()) return in_case(when, wrong);
  set_running_case("");
  return in_case(when, rig.bad_cells());
}

}  // namespace

Verdict check_zero_state(const Subject& subject) {
  Verdict verdict = each_feature(subject, ask_zero_state);
  if (verdict.outcome == Outcome::kFailed) return failed("in a flow without packets: " + verdict.text);
  return verdict.outcome == Outcome::kPassed ? each_feature(subject, ask_unfit) : verdict;
}

}  // namespace flowgauge
