// Members that the run report and a table's metadata have in common, each added to an open JSON object.
#pragma once

#include <span>

#include "core/report/run_report.h"
#include "core/text/json_text.h"

namespace flowgauge {

// Of a part of a run nothing says whether it balances: packets of one part may be in rows of the next.
enum class LedgerOf { kRun, kPart };
void add_ledger(const RunReport& report, LedgerOf of, JsonText& json);
void add_end_reasons(const FlowCounters& flows, JsonText& json);
void add_labels(const LabelReport& labels, JsonText& json);
// What a plugin brought: "libraries". So `flowgauge plugins --json` has them, too.
void add_libraries(std::span<const UsedLibrary> libraries, JsonText& json);
// Profile, plugins, service groups, inputs.
void add_setup(const RunReport& report, JsonText& json);

}  // namespace flowgauge
