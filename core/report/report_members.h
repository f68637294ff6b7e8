// Members that the run report and a table's metadata have in common, each added to an open JSON object.
#pragma once

#include "core/report/run_report.h"
#include "core/text/json_text.h"

namespace flowgauge {

void add_ledger(const RunReport& report, JsonText& json);
void add_end_reasons(const FlowCounters& flows, JsonText& json);
void add_labels(const LabelReport& labels, JsonText& json);
// Profile, plugins, service groups, inputs.
void add_setup(const RunReport& report, JsonText& json);

}  // namespace flowgauge
