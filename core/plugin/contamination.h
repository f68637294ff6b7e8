// Names of the contamination classes (docs/semantics.md, section 6). Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

inline constexpr fg_contamination kAllClasses =
    FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME | FG_REVEALS_OS | FG_REVEALS_PATH | FG_REVEALS_TOOL;

// "identity, port"; "nothing" for the empty set.
[[nodiscard]] std::string contamination_text(fg_contamination classes);

struct ContaminationClass {
  std::string_view name;
  fg_contamination bit = FG_REVEALS_NOTHING;
  std::string_view reason;  // why a column of this class gives something away: "it names a host, ..."
};

// Those of the set, in the order of docs/semantics.md.
[[nodiscard]] std::vector<ContaminationClass> contamination_classes(fg_contamination classes = kAllClasses);

// What a column reveals as a whole. A time in the catalog counts from the flow's start; as a cell it is absolute.
[[nodiscard]] fg_contamination revealed_by(const fg_column& column);
// What .min and .max of a series reveal beyond that.
[[nodiscard]] fg_contamination revealed_by_extremes(const fg_column& column);

// Is all that one of the needs gives away excluded? Then the feature has no columns, whatever they declare: it saw what
// nobody may see.
[[nodiscard]] bool sees_excluded(fg_needs needs, fg_contamination excluded);

}  // namespace flowgauge
