// options: each at the extremes of its type, at the ends of its range and with its choices, the others as usual. A
// feature may refuse a value in create, with words; what it accepts must work. What it does not declare never reaches
// it: the host refuses that.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check/checks.h"
#include "core/check/child.h"
#include "core/plugin/option_value.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kMostTriedChoices = 32;

std::vector<std::string> extremes_of(fg_type type) {
  switch (type) {
    case FG_U64:
      return {"0", "1", "4294967295", "4294967296", "18446744073709551615"};
    case FG_I64:
      return {"0", "1", "-1", "9223372036854775807", "-9223372036854775808"};
    case FG_F64:
      return {"0", "1", "-1", "0.000001", "1e300", "-1e300"};
    case FG_BOOL:
      return {"true", "false"};
    default:
      return {"", "x", "/", "\xc3\xbc", std::string(4096, 'x')};
  }
}

// Of a value, or of an item of a list: the ends of its range, its choices, the extremes of its type that it allows.
std::vector<std::string> allowed_values(const fg_option& option) {
  std::vector<std::string> values;
  for (std::uint32_t i = 0; i < std::min(option.choice_count, kMostTriedChoices); ++i)
    values.emplace_back(option.choices[i]);
  if (option.minimum != nullptr) values.emplace_back(option.minimum);
  if (option.maximum != nullptr) values.emplace_back(option.maximum);
  for (const std::string& extreme : extremes_of(value_type(option)))
    if (std::ranges::find(values, extreme) == values.end()) values.push_back(extreme);
  std::erase_if(values, [&](const std::string& value) { return !parse_value(option, value); });
  return values;
}

std::string shown_value(const std::string& value) {
  return value.size() > 40 ? fmt::format("of {} letters", value.size()) : "'" + value + "'";
}

// What the option is tried with, each with its name for messages.
struct TriedValue {
  OptionText text;
  std::string shown;
};

// No item, each alone, all together, and as many as there can be.
std::vector<TriedValue> tried_lists(const fg_option& option, const std::string& name) {
  const auto of = [&](std::vector<std::string> items, std::string shown) {
    return TriedValue{{.name = name, .value = {}, .where = {}, .items = std::move(items)}, std::move(shown)};
  };
  const std::vector<std::string> values = allowed_values(option);
  std::vector<TriedValue> all = {of({}, "[]")};
  for (const std::string& value : values) all.push_back(of({value}, fmt::format("[{}]", shown_value(value))));
  for (std::vector<std::string> items : {values, std::vector<std::string>(kMostListItems, made_up_value(option))}) {
    std::string shown = fmt::format("of {} items", items.size());
    all.push_back(of(std::move(items), std::move(shown)));
  }
  return all;
}

std::vector<TriedValue> tried_values(const Feature& feature, const fg_option& option) {
  const std::string name = fmt::format("{}.{}", feature.name, option.name);
  if (is_list(option.type)) return tried_lists(option, name);
  std::vector<TriedValue> all;
  for (const std::string& value : allowed_values(option))
    all.push_back({{.name = name, .value = value, .where = {}}, shown_value(value)});
  return all;
}

Finding ask_value(const Tested& tested, const OptionValues& options, const MadeFlows& made) {
  Rows rows;
  Rig rig(tested.feature, options, made);
  if (const Finding refusal = rig.create(); !refusal.empty()) {
    if (!refusal.ends_with("it did not say why")) return {};
    return fmt::format("feature '{}' refuses it without a word; log an error before create returns FG_ERROR",
                       tested.feature.name);
  }
  if (Finding wrong = rig.update_all(); !wrong.empty()) return wrong + "; refuse such a value in create";
  if (Finding wrong = rig.emit_all(rows); !wrong.empty()) return wrong + "; refuse such a value in create";
  return rig.bad_cells();
}

Verdict ask_option(const Subject& subject, const Feature& feature, const MadeFlows& made, const fg_option& option) {
  return each_feature(subject, [&](const Tested& tested) -> Finding {
    if (&tested.feature != &feature) return {};
    for (const TriedValue& tried : tried_values(feature, option)) {
      std::vector<OptionText> texts = subject.request.options;
      std::erase_if(texts,
                    [&](const OptionText& text) { return text.name == option.name || text.name == tried.text.name; });
      texts.push_back(tried.text);
      const Result<OptionValues> options = usual_options(feature, texts);
      if (!options) return options.error().message;
      const std::string when = fmt::format("with option {} {}", option.name, tried.shown);
      set_running_case(when);
      if (Finding found = in_case(when, ask_value(tested, *options, made)); !found.empty()) return found;
    }
    set_running_case("");
    return {};
  });
}

}  // namespace

Verdict check_options(const Subject& subject) {
  bool any = false;
  for (const Feature& feature : subject.module.features) {
    const MadeFlows made = make_flows({}, {.seed = subject.request.seed, .filters = feature.packet_filters});
    for (const fg_option& option : feature.options) {
      any = true;
      if (Verdict verdict = ask_option(subject, feature, made, option); verdict.outcome == Outcome::kFailed)
        return verdict;
    }
  }
  return any ? passed() : skipped("no feature of it has options");
}

}  // namespace flowgauge
