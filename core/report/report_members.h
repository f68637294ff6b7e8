// Members that the run report and a table's metadata have in common, each added to an open JSON object; and why frames
// were ignored, which the report says in both of its forms.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/report/run_report.h"
#include "core/text/json_text.h"

namespace flowgauge {

// The reasons, and the frames of each in the same order.
[[nodiscard]] std::vector<std::string_view> ignored_names();
[[nodiscard]] std::vector<std::uint64_t> ignored_counts(const Ledger& ledger);

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
