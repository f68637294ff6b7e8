// What runs over capture files and live runs have in common: the beginning and the end of their reports.
#pragma once

#include <chrono>
#include <optional>

#include "core/engine/plan.h"
#include "core/report/run_report.h"

namespace flowgauge {

// Plugins, profile, threads.
void describe_setup(const Plan& plan, RunReport& report);

// Unless it is known already: several threads meet the end of memory at once.
void add_problem(const std::optional<Error>& problem, RunReport& report);

[[nodiscard]] LabelReport label_report(const PlannedLabels& labels, const LabelCounters& counters);

// Labels, warnings, time, memory, the exit code that all of it amounts to.
void complete_report(const Plan& plan, std::chrono::steady_clock::time_point begin, RunReport& report);

}  // namespace flowgauge
