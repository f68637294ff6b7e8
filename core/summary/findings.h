// What a table has that a person should look at, each with why it matters and what to do.
#pragma once

#include <optional>
#include <vector>

#include "core/summary/column_summary.h"
#include "core/summary/summary.h"
#include "core/summary/table_account.h"

namespace flowgauge {

// Warnings first. `starts`: moments of the span, or null.
[[nodiscard]] std::vector<TableFinding> findings_of(const Summary& summary, const std::optional<TableAccount>& account,
                                                    const TimeHistogram* starts);

void add_column_findings(const Summary& summary, std::vector<TableFinding>& findings);

// "a, b, c and 12 more"; foreign text as messages show it.
[[nodiscard]] std::string names_text(const std::vector<std::string>& names);
// "12.3 %"
[[nodiscard]] std::string percent_text(std::uint64_t part, std::uint64_t whole);
// "3 d 4 h", "12 min 3 s", "1.5 s"
[[nodiscard]] std::string span_text(std::int64_t duration_ns);

}  // namespace flowgauge
