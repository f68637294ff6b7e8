// Does a feature write what its columns do not declare? It is driven twice over the same made-up packets, once with
// other addresses, ports, times or tags; a column that does not declare the class must not move. It cannot prove
// innocence: a feature may hide what it knows from so few flows. The plugin's code runs in this process and on this
// thread; what may crash or hang belongs into a child.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/feature_set.h"

namespace flowgauge {

struct Leak {
  std::string column;               // full name
  bool extremes_alone = false;      // of a series: only .min and .max moved
  fg_contamination undeclared = 0;  // the classes of which one would have to be declared
  std::string sentence;             // "smuggler.port_bits: changes with the ports ..."

  bool operator==(const Leak&) const = default;
};

// Ordered by what was changed, then by column. The error is the feature's own failure.
[[nodiscard]] Result<std::vector<Leak>> find_leaks(const ActiveFeature& active, std::uint64_t seed = 1);

}  // namespace flowgauge
