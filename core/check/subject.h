// What the checks are given, and what they answer.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/check/rig.h"
#include "core/plugin/module.h"
#include "core/plugin/module_store.h"
#include "core/plugin/options.h"
#include "core/plugin/search.h"

namespace flowgauge {

struct CheckRequest {
  std::string path;
  std::uint64_t seed = 1;
  std::vector<OptionText> options;  // names as NAME or FEATURE.NAME; the others as usual_options has them
  TrustRule trust = TrustRule::kOwnedFiles;
  SearchPath search;                          // of the features that schemas speak of
  std::vector<const Feature*> host_features;  // that any schema may speak of
  std::string place = {};                     // of sinks with one of their own; empty: a path in a folder
};

// In the child: the module is loaded there.
struct Subject {
  const CheckRequest& request;
  ModuleStore& modules;
  const Module& module;
  const std::string& folder;  // for what the plugin writes; empty: there is none
};

enum class Outcome : std::uint8_t { kPassed, kFailed, kSkipped };

struct Verdict {
  Outcome outcome = Outcome::kPassed;
  std::string text;  // what is wrong, why it was skipped, or what was left out

  bool operator==(const Verdict&) const = default;
};

[[nodiscard]] inline Verdict passed() { return {}; }
[[nodiscard]] inline Verdict failed(std::string text) { return {Outcome::kFailed, std::move(text)}; }
[[nodiscard]] inline Verdict skipped(std::string text) { return {Outcome::kSkipped, std::move(text)}; }
// Passed as far as it was looked at: `text` says what was left out, and why.
[[nodiscard]] inline Verdict passed_but(std::string text) { return {Outcome::kPassed, std::move(text)}; }
[[nodiscard]] inline Verdict verdict_of(Finding wrong) { return wrong.empty() ? passed() : failed(std::move(wrong)); }

// A value, or an item of a list, that the option's declaration allows.
[[nodiscard]] std::string made_up_value(const fg_option& option);

// As given, by default, or made up where an option has no default. A list is given by its items, or as "1, 2".
[[nodiscard]] Result<OptionValues> usual_options(const Feature& feature, const std::vector<OptionText>& given);
[[nodiscard]] Result<OptionValues> usual_options(const Sink& sink, const std::vector<OptionText>& given);

// One feature with the options of the request; `ask` is called for each, the first finding decides.
struct Tested {
  const Feature& feature;
  const OptionValues& options;
  std::uint64_t seed;
};
[[nodiscard]] Verdict each_feature(const Subject& subject, const std::function<Finding(const Tested&)>& ask);

// Whether the module was built with a newer header than this host's: what stands behind the end of this host's structs
// has a meaning for it, so that no filler can stand there.
[[nodiscard]] bool knows_more(const Module& module);
// A verdict that says so, if it is one of success and the module knows more.
[[nodiscard]] Verdict without_longer(const Module& module, std::string_view what, Verdict verdict);

// "with batches of 7 packets: iat.fwd: is another in flow 3"
[[nodiscard]] Finding in_case(const std::string& when, Finding wrong);

}  // namespace flowgauge
