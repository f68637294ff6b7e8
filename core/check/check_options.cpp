// options: each at its extremes, the others as usual. A feature may refuse a value in create, with words; what it
// accepts must work. Values of another type never reach it: the host refuses them.
#include <fmt/format.h>

#include "core/check/checks.h"
#include "core/check/child.h"

namespace flowgauge {
namespace {

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
    for (const std::string& value : extremes_of(option.type)) {
      std::vector<OptionText> texts = subject.request.options;
      std::erase_if(texts, [&](const OptionText& text) {
        return text.name == option.name || text.name == fmt::format("{}.{}", feature.name, option.name);
      });
      texts.push_back({fmt::format("{}.{}", feature.name, option.name), value, ""});
      const Result<OptionValues> options = usual_options(feature, texts);
      if (!options) continue;  // the host refuses it
      const std::string shown = value.size() > 40 ? fmt::format("of {} letters", value.size()) : "'" + value + "'";
      const std::string when = fmt::format("with option {} {}", option.name, shown);
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
