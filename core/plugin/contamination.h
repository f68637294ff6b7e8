// What columns and needs reveal, by contamination class (docs/semantics.md, section 6). Stateless.
#pragma once

#include <string>
#include <vector>

#include "core/plugin/contamination_classes.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// "identity, port"; "nothing" for the empty set.
[[nodiscard]] std::string contamination_text(fg_contamination classes);

// Those of the set, in the order of docs/semantics.md.
[[nodiscard]] std::vector<ContaminationClass> contamination_classes(fg_contamination classes = kAllClasses);

// What a column reveals as a whole. A time in the catalog counts from the flow's start; as a cell it is absolute.
[[nodiscard]] fg_contamination revealed_by(const fg_column& column);
// What .min and .max of a series reveal beyond that.
[[nodiscard]] fg_contamination revealed_by_extremes(const fg_column& column);

// Is any class excluded that one of the needs gives away? Then the feature has no columns, whatever they declare: it
// saw what nobody may see.
[[nodiscard]] bool sees_excluded(fg_needs needs, fg_contamination excluded);

}  // namespace flowgauge
