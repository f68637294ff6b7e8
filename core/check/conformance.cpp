#include "core/check/conformance.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/check/checks.h"
#include "core/check/temporary_folder.h"

namespace flowgauge {
namespace {

constexpr std::string_view kExports = "exports";
constexpr std::string_view kDescriptor = "descriptor";
constexpr std::string_view kSinkRows = "sink-rows";

constexpr std::array kModuleChecks = {
    Check{kDescriptor, check_descriptor, Part::kModule},
    Check{"options", check_options},
    Check{"zero-state", check_zero_state},
    Check{"batch-invariance", check_batch_invariance},
    Check{"stride", check_stride},
    Check{"interleaving", check_interleaving},
    Check{"instances", check_instances},
    Check{"emit-twice", check_emit_twice},
    Check{"hostile-values", check_hostile_values},
    Check{"contamination", check_contamination},
    Check{"counters", check_counters},
    Check{"clock-and-output", check_clock_and_output},
    Check{"versions", check_versions},
    Check{"release", check_release},
    Check{"limits", check_limits},
    Check{"process-state", check_process_state},
    Check{"derived", check_derived, Part::kDerived},
    Check{"schemas", check_schemas, Part::kSchemas},
    Check{kSinkRows, check_sink_rows, Part::kSinks},
    Check{"sink-batches", check_sink_batches, Part::kSinks, kSinkRows},
    Check{"sink-places", check_sink_places, Part::kSinks, kSinkRows},
    Check{"sink-instances", check_sink_instances, Part::kSinks, kSinkRows},
    Check{"sink-process", check_sink_process, Part::kSinks, kSinkRows},
};

// A verdict on its way from the child.
std::string pack(const Verdict& verdict) { return std::to_string(static_cast<int>(verdict.outcome)) + verdict.text; }

Verdict unpack(const ChildReport& report) {
  if (!report.ended_well) return failed("it " + report.fault);
  if (report.told.empty()) return failed("the check said nothing");
  return {static_cast<Outcome>(report.told[0] - '0'), report.told.substr(1)};
}

// How many there are of each part, and what is said of a module that has none.
constexpr std::size_t kParts = 4;
constexpr std::array<std::string_view, kParts> kNoneOffered = {"it offers no feature", "it offers no derived feature",
                                                               "it offers no schema", "it offers no sink"};
using Offered = std::array<bool, kParts>;

// In front of the descriptor's verdict: a letter for each.
std::string pack(const Module& module) {
  std::string letters;
  for (const bool is_empty :
       {module.features.empty(), module.derived.empty(), module.schemas.empty(), module.sinks.empty()})
    letters += is_empty ? '-' : '+';
  return letters;
}

// In the child: `use` gets the loaded module.
template <class Use>
std::string with_module(const CheckRequest& request, const std::string& folder, Use use) {
  ModuleStore modules;
  const auto module = modules.load({request.path, Origin::kGiven, request.trust, std::nullopt});
  if (!module) return pack(failed(module.error().message));
  return use(Subject{request, modules, **module, folder});
}

class Runner {
 public:
  Runner(const CheckRequest& request, const ChildLimits& limits) : request_(request), limits_(limits) {}

  [[nodiscard]] Verdict exports() const {
    return unpack(check_in_child([&] { return pack(check_exports(request_.path, request_.trust)); }, limits_));
  }

  // Comes before the others: it says what the module offers.
  [[nodiscard]] Verdict descriptor(const Check& check) {
    const auto work = [&] {
      return with_module(request_, folder_.path(),
                         [&](const Subject& subject) { return pack(subject.module) + pack(check.run(subject)); });
    };
    ChildReport report = check_in_child(work, limits_);
    if (report.never_ended) endless_ = check.name;
    if (report.told.find_first_of("+-") == 0) {
      for (std::size_t i = 0; i < kParts; ++i) offered_[i] = report.told[i] == '+';
      report.told.erase(0, kParts);
    }
    return unpack(report);
  }

  // What never ends is waited for once.
  [[nodiscard]] Verdict run(const Check& check) {
    const auto part = static_cast<std::size_t>(check.part);
    if (!endless_.empty()) return skipped(fmt::format("'{}' did not end; mend that first", endless_));
    if (part < kParts && !offered_[part]) return skipped(std::string(kNoneOffered[part]));
    const auto work = [&] {
      return with_module(request_, folder_.path(), [&](const Subject& subject) { return pack(check.run(subject)); });
    };
    const ChildReport report = check_in_child(work, limits_);
    if (report.never_ended) endless_ = check.name;
    return unpack(report);
  }

  // Lines: "name version", then "feature state_bytes columns ns" of each feature.
  void describe(Conformance& conformance) const {
    if (!endless_.empty()) return;
    const ChildReport report = check_in_child(
        [&] {
          return with_module(request_, folder_.path(), [&](const Subject& subject) {
            std::string text = subject.module.name + " " + subject.module.version;
            for (const FeatureFigures& one : measure_features(subject)) {
              text += fmt::format("\n{} {} {} {:.2f}", one.feature, one.state_bytes, one.columns, one.ns_per_packet);
            }
            return text;
          });
        },
        limits_);
    if (!report.ended_well) return;
    const std::vector<std::string> lines = split(report.told, '\n');
    conformance.module = lines.at(0);
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::vector<std::string> words = split(lines[i], ' ');
      FeatureFigures& figures = conformance.figures.emplace_back();
      figures.feature = words.at(0);
      std::from_chars(words.at(1).data(), words.at(1).data() + words.at(1).size(), figures.state_bytes);
      std::from_chars(words.at(2).data(), words.at(2).data() + words.at(2).size(), figures.columns);
      std::from_chars(words.at(3).data(), words.at(3).data() + words.at(3).size(), figures.ns_per_packet);
    }
  }

 private:
  static std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts(1);
    for (const char letter : text) {
      if (letter == at)
        parts.emplace_back();
      else
        parts.back() += letter;
    }
    return parts;
  }

  const CheckRequest& request_;
  const ChildLimits& limits_;
  const TemporaryFolder folder_;
  Offered offered_{};
  std::string_view endless_;  // the check that took all its time
};

}  // namespace

std::span<const Check> module_checks() { return kModuleChecks; }

std::vector<std::string> check_names() {
  std::vector<std::string> names = {std::string(kExports)};
  for (const Check& check : kModuleChecks) names.emplace_back(check.name);
  return names;
}

std::vector<std::string> Conformance::failures() const {
  std::vector<std::string> names;
  for (const CheckResult& check : checks) {
    if (check.verdict.outcome == Outcome::kFailed) names.push_back(check.name);
  }
  return names;
}

Result<Conformance> check_plugin(const CheckRequest& request, std::span<const std::string> only,
                                 const ChildLimits& limits) {
  const std::vector<std::string> names = check_names();
  for (const std::string& name : only) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const std::string meant = did_you_mean(name, names);
      return fail(ExitCode::kUsage, "there is no check '{}'{}", name,
                  meant.empty() ? "; the checks are " + join(names) : meant);
    }
  }
  const auto wanted = [&](std::string_view name) {
    return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
  };
  Runner runner(request, limits);
  Conformance conformance;
  if (wanted(kExports)) conformance.checks.push_back({std::string(kExports), runner.exports()});
  // Asked even where nobody wants to know: without it nothing can be said.
  const Verdict descriptor = runner.descriptor(kModuleChecks.front());
  const bool usable = descriptor.outcome == Outcome::kPassed;
  if (wanted(kDescriptor) || !usable) conformance.checks.push_back({std::string(kDescriptor), descriptor});
  for (const Check& check : std::span(kModuleChecks).subspan(1)) {
    if (!wanted(check.name)) continue;
    const std::vector<std::string> failures = conformance.failures();
    const bool waits = std::ranges::find(failures, check.first) != failures.end();
    const std::string_view first = usable ? check.first : kDescriptor;
    conformance.checks.push_back({std::string(check.name), usable && !waits
                                                               ? runner.run(check)
                                                               : skipped(fmt::format("'{}' comes first", first))});
  }
  if (usable) runner.describe(conformance);
  return conformance;
}

}  // namespace flowgauge
