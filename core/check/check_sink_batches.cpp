// sink-batches: batches are read, not written to, within their buffers, until they are released; and all of them are
// released before destroy returns.
#include <fmt/format.h>

#include "core/check/checks.h"
#include "core/check/child.h"
#include "core/check/sink_drive.h"

namespace flowgauge {
namespace {

Finding ask_batches(const TestedSink& tested) {
  for (const MadeTable& table : made_tables(tested.sink)) {
    const std::string when = fmt::format("with a table {}", table.name);
    set_running_case(when);
    MadeBatches batches(tested.schema, table, tested.seed, Traps::kMisuse);
    if (Finding wrong = drive_sink(tested, SinkPlace(tested), table, batches, FG_FINISH_COMPLETE); !wrong.empty())
      return in_case(when, wrong);
    if (batches.kept() != 0)
      return in_case(when, fmt::format("sink '{}' did not release {} of {} batches before destroy returned",
                                       tested.sink.name, batches.kept(), table.batch_rows.size()));
  }
  set_running_case("");
  return {};
}

}  // namespace

Verdict check_sink_batches(const Subject& subject) {
  set_address_note(misuse_of_lent_memory);
  return each_sink(subject, ask_batches);
}

}  // namespace flowgauge
