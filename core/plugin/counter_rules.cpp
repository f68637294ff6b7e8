#include "core/plugin/counter_rules.h"

#include <fmt/format.h>

#include <set>

namespace flowgauge::rules {
namespace {

Finding check_counter(const fg_counter& counter) {
  if (Finding wrong = check_name(counter.name, "a counter"); !wrong.empty()) return wrong;
  const std::string who = fmt::format("counter '{}' ", counter.name);
  if (Finding wrong = check_text(counter.doc, fmt::format("the doc of counter '{}'", counter.name)); !wrong.empty())
    return wrong;
  if (!is_unit(counter.unit))
    return who + fmt::format("has unit {}, which is not known; use FG_UNIT_NONE to FG_UNIT_BYTES_PER_S", counter.unit);
  if (counter.reserved != 0)
    return who + fmt::format("has reserved {}, which is not known; set it to 0", counter.reserved);
  return {};
}

}  // namespace

Finding read_counters(Feature& feature) {
  const fg_array& table = feature.table.counters;
  if (Finding wrong = check_array(table, sizeof(fg_counter), "fg_counter", "counters"); !wrong.empty()) return wrong;
  feature.counters = items_of<fg_counter>(table);
  std::set<std::string_view> names;
  for (const fg_counter& counter : feature.counters) {
    if (Finding wrong = check_counter(counter); !wrong.empty()) return wrong;
    if (!names.insert(counter.name).second)
      return fmt::format("declares counter '{}' twice; rename one of them", counter.name);
  }
  if (!feature.counters.empty() && feature.table.count == nullptr)
    return "declares counters, but has no function 'count'; give one";
  if (feature.counters.empty() && feature.table.count != nullptr)
    return "has a function 'count', but declares no counters; declare them, or leave it out";
  return {};
}

}  // namespace flowgauge::rules
