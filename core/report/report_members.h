// Members that the run report and a table's metadata have in common, each added to an open JSON object.
#pragma once

#include <span>

#include "core/report/run_report.h"
#include "core/text/json_text.h"

namespace flowgauge {

void add_ledger(const RunReport& report, JsonText& json);
void add_end_reasons(const FlowCounters& flows, JsonText& json);
void add_labels(const LabelReport& labels, JsonText& json);
// What a plugin brought: "libraries". So `flowgauge plugins --json` has them, too.
void add_libraries(std::span<const UsedLibrary> libraries, JsonText& json);
// Profile, plugins, service groups, inputs.
void add_setup(const RunReport& report, JsonText& json);

}  // namespace flowgauge
