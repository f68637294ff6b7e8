// Does a plugin keep to the ABI? Runs the checks one after the other, each in a child process that loads the plugin for
// itself: this process never runs any of its code. Call it before any thread is started.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/check/child.h"
#include "core/check/figures.h"
#include "core/check/subject.h"

namespace flowgauge {

struct CheckResult {
  std::string name;
  Verdict verdict;

  bool operator==(const CheckResult&) const = default;
};

struct Conformance {
  std::string module;  // name and version; empty if it could not be loaded
  std::vector<CheckResult> checks;
  std::vector<FeatureFigures> figures;

  [[nodiscard]] std::vector<std::string> failures() const;
};

[[nodiscard]] std::vector<std::string> check_names();

// `only`: names of checks; none: all. Where the plugin cannot be loaded or a feature not be created, `descriptor` says
// so and what comes behind it is skipped. The error is an unknown name.
[[nodiscard]] Result<Conformance> check_plugin(const CheckRequest& request, std::span<const std::string> only = {},
                                               const ChildLimits& limits = kCheckLimits);

}  // namespace flowgauge
