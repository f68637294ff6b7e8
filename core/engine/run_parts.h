// What runs over capture files and live runs have in common: the beginning and the end of their reports.
#pragma once

#include <chrono>

#include "core/engine/plan.h"
#include "core/engine/report.h"

namespace flowgauge {

// Says how much memory max_flows can take, before the first packet needs it.
void show_memory(const Plan& plan);

// Plugins, profile, threads.
void describe_setup(const Plan& plan, RunReport& report);

[[nodiscard]] LabelReport label_report(const PlannedLabels& labels, const LabelCounters& counters);

// Labels, warnings, time, memory, the exit code that all of it amounts to.
void complete_report(const Plan& plan, std::chrono::steady_clock::time_point begin, RunReport& report);

}  // namespace flowgauge
