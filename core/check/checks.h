// The checks of the plugin boundary, each one function with the name that `flowgauge plugin check --only` takes.
// docs/checking-a-plugin.md says what each does, what its failure means and how to mend it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/check/subject.h"

namespace flowgauge {

// What of a module a check looks at. Where there is none of it, the module need not even be loaded.
enum class Part : std::uint8_t { kFeatures, kDerived, kSchemas, kSinks, kModule };

struct Check {
  std::string_view name;
  Verdict (*run)(const Subject& subject);
  Part part = Part::kFeatures;
  std::string_view first = {};  // a check without which it can say nothing
};

// Those that need the loaded module, in the order in which they are run. `exports` looks at the file and comes before.
[[nodiscard]] std::span<const Check> module_checks();

[[nodiscard]] Verdict check_exports(const std::string& path, TrustRule trust);
[[nodiscard]] Verdict check_descriptor(const Subject& subject);
[[nodiscard]] Verdict check_options(const Subject& subject);
[[nodiscard]] Verdict check_zero_state(const Subject& subject);
[[nodiscard]] Verdict check_batch_invariance(const Subject& subject);
[[nodiscard]] Verdict check_stride(const Subject& subject);
[[nodiscard]] Verdict check_interleaving(const Subject& subject);
[[nodiscard]] Verdict check_instances(const Subject& subject);
[[nodiscard]] Verdict check_emit_twice(const Subject& subject);
[[nodiscard]] Verdict check_hostile_values(const Subject& subject);
[[nodiscard]] Verdict check_contamination(const Subject& subject);
[[nodiscard]] Verdict check_counters(const Subject& subject);
[[nodiscard]] Verdict check_clock_and_output(const Subject& subject);
[[nodiscard]] Verdict check_versions(const Subject& subject);
[[nodiscard]] Verdict check_process_state(const Subject& subject);
[[nodiscard]] Verdict check_release(const Subject& subject);
[[nodiscard]] Verdict check_limits(const Subject& subject);
[[nodiscard]] Verdict check_derived(const Subject& subject);
[[nodiscard]] Verdict check_schemas(const Subject& subject);
[[nodiscard]] Verdict check_sink_rows(const Subject& subject);
[[nodiscard]] Verdict check_sink_batches(const Subject& subject);
[[nodiscard]] Verdict check_sink_places(const Subject& subject);
[[nodiscard]] Verdict check_sink_instances(const Subject& subject);
[[nodiscard]] Verdict check_sink_process(const Subject& subject);

}  // namespace flowgauge
