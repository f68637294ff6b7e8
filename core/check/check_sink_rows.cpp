// sink-rows: made-up tables of all types arrive, and the sink says of each row what became of it, however the run ends.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/check/checks.h"
#include "core/check/child.h"
#include "core/check/sink_drive.h"

namespace flowgauge {
namespace {

constexpr std::array kEnds = {std::pair(FG_FINISH_COMPLETE, ""),
                              std::pair(FG_FINISH_PARTIAL, ", ended before its end")};

Finding ask_tables(const TestedSink& tested) {
  for (const MadeTable& table : made_tables(tested.sink))
    for (const auto& [how, end] : kEnds) {
      const std::string when = fmt::format("with a table {}{}", table.name, end);
      set_running_case(when);
      if (Finding wrong = drive_sink(tested, SinkPlace(tested), table, how); !wrong.empty())
        return in_case(when, wrong);
    }
  return {};
}

Finding ask_discarded(const TestedSink& tested) {
  const MadeTable none{.name = {}, .batch_rows = {}};
  const std::string when = "where the run never began";
  set_running_case(when);
  return in_case(when, drive_sink(tested, SinkPlace(tested), none, FG_FINISH_DISCARD));
}

// The start of a run can fail after a sink was opened.
Finding ask_destroyed(const TestedSink& tested) {
  set_running_case("where destroy comes behind open");
  const auto opened = open_sink(tested, SinkPlace(tested));
  return opened ? Finding() : opened.error().message;
}

Finding ask_rows(const TestedSink& tested) {
  Finding wrong = ask_tables(tested);
  if (wrong.empty()) wrong = ask_discarded(tested);
  if (wrong.empty()) wrong = ask_destroyed(tested);
  set_running_case("");
  return wrong;
}

}  // namespace

Verdict check_sink_rows(const Subject& subject) { return each_sink(subject, ask_rows); }

}  // namespace flowgauge
