// From the texts of one rule to the rule: what its keys mean, in CSV and YAML alike. Stateless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/labels/label_rule.h"

namespace flowgauge {

struct RuleText {
  std::string key;
  std::string text;  // several values are separated by blanks; empty: no condition
  int line = 0;
};

struct RuleTexts {
  std::vector<RuleText> texts;
  int line = 0;  // where the rule begins
};

// What a file says before it is understood.
struct LabelTexts {
  std::vector<std::string> columns;
  std::vector<RuleTexts> rules;
  std::optional<std::int32_t> zone_seconds;  // of times without an offset
};

// begin, end, src_ip, ...: every key that is a condition.
[[nodiscard]] const std::vector<std::string>& condition_names();
[[nodiscard]] bool is_condition(std::string_view name);

// Errors (kUsage) begin with "FILE:LINE: ".
[[nodiscard]] Result<LabelRule> read_rule(const RuleTexts& rule, const LabelTexts& file, const std::string& path);

}  // namespace flowgauge
