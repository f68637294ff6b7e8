#include "core/check/leak_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/try.h"
#include "core/check/rig.h"

namespace flowgauge {
namespace {

struct Change {
  Guise guise;
  fg_contamination classes;  // a column that may move declares one of them
  std::string_view what;
  std::string_view names;
  fg_contamination also = FG_REVEALS_NOTHING;  // or one of these, which the change touches too
  bool extremes_are_enough = false;            // a series is a statistic: what its values tell, its extremes tell
};
constexpr std::array kChanges = {
    Change{{.addresses = true}, FG_REVEALS_IDENTITY, "addresses and MACs", "identity"},
    Change{{.ports = true}, FG_REVEALS_PORT, "ports", "port"},
    Change{{.time = true}, FG_REVEALS_TIME, "absolute time", "time"},
    Change{{.tags = true}, FG_REVEALS_PATH, "VLAN and tunnel ids", "path"},
    Change{{.scopes = true}, FG_REVEALS_PATH, "scopes of the addresses", "path", FG_REVEALS_IDENTITY},
    Change{{.ttl = true}, FG_REVEALS_OS, "TTL", "os", FG_REVEALS_PATH, true},
    Change{{.windows = true}, FG_REVEALS_OS, "initial TCP windows", "os", FG_REVEALS_NOTHING, true},
    Change{{.headers = {.os = true}},
           FG_REVEALS_OS,
           "IP ids, DF, flow labels and TCP options",
           "os",
           FG_REVEALS_NOTHING,
           true},
    Change{{.ends = true}, FG_REVEALS_TOOL, "end reason, snapshot and segment", "tool"},
    Change{{.headers = {.traffic_class = true}}, FG_REVEALS_PATH, "DSCP and ECN", "path", FG_REVEALS_NOTHING, true},
};

Result<Rows> rows_of(const ActiveFeature& active, const Guise& guise, std::uint64_t seed) {
  const MadeFlows made = make_flows(guise, {.seed = seed, .filters = active.feature->packet_filters});
  Rows rows;
  Rig rig(*active.feature, active.options, made);
  if (Finding wrong = drive(rig, rows); !wrong.empty()) return std::unexpected(Error{ExitCode::kPlugin, wrong});
  return rows;
}

Leak leak_of(const Feature& feature, const fg_column& column, const Change& change, bool extremes_alone) {
  Leak leak{.column = feature.name + "." + column.name, .extremes_alone = extremes_alone, .undeclared = change.classes};
  leak.sentence = fmt::format(
      "{}: {}changes with the {} of a flow, but does not declare the class '{}'; declare it{}, or leave "
      "out what depends on them",
      leak.column, extremes_alone ? ".min or .max " : "", change.what, change.names,
      extremes_alone ? " in extremes_reveal" : "");
  return leak;
}

// It was told already that the column should declare that.
bool is_among(const std::vector<Leak>& leaks, const Feature& feature, const fg_column& column,
              fg_contamination classes) {
  return std::ranges::any_of(leaks, [&](const Leak& leak) {
    return (leak.undeclared & classes) != 0 && leak.column == feature.name + "." + column.name;
  });
}

}  // namespace

Result<std::vector<Leak>> find_leaks(const ActiveFeature& active, std::uint64_t seed) {
  const Feature& feature = *active.feature;
  const auto usual = TRY(rows_of(active, {}, seed));
  std::vector<Leak> leaks;
  for (const Change& change : kChanges) {
    const auto other = TRY(rows_of(active, change.guise, seed));
    for (std::size_t c = 0; c < feature.columns.size(); ++c) {
      const fg_column& column = feature.columns[c];
      // The host makes cells of type FG_TIME absolute, and declares it for them.
      const fg_contamination reveals = column.reveals | (column.type == FG_TIME ? FG_REVEALS_TIME : FG_REVEALS_NOTHING);
      const fg_contamination allowed = change.classes | change.also;
      if ((reveals & allowed) != 0 || is_among(leaks, feature, column, change.also)) continue;
      if (change.extremes_are_enough && (column.extremes_reveal & allowed) != 0) continue;
      if (usual[c].cells != other[c].cells)
        leaks.push_back(leak_of(feature, column, change, false));
      else if (usual[c].extremes != other[c].extremes && (column.extremes_reveal & change.classes) == 0)
        leaks.push_back(leak_of(feature, column, change, true));
    }
  }
  return leaks;
}

}  // namespace flowgauge
