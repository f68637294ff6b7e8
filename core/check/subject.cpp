#include "core/check/subject.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/plugin/option_value.h"

namespace flowgauge {
namespace {

OptionText text_for(const fg_option& option, std::string value) {
  OptionText text{.name = option.name, .value = std::move(value), .where = {}};
  if (is_list(option.type)) text.items = split_list(text.value);
  return text;
}

}  // namespace

std::string made_up_value(const fg_option& option) {
  if (option.choice_count > 0) return option.choices[0];
  if (option.minimum != nullptr) return option.minimum;
  if (option.maximum != nullptr) return option.maximum;
  switch (value_type(option)) {
    case FG_BOOL:
      return "false";
    case FG_STRING:
      return "text";
    default:
      return "1";
  }
}

namespace {

std::vector<OptionText> usual_texts(const std::string& owner, const std::vector<fg_option>& declared,
                                    const std::vector<OptionText>& given) {
  std::vector<OptionText> texts;
  for (const fg_option& option : declared) {
    const std::string full_name = fmt::format("{}.{}", owner, option.name);
    const auto named = [&](const OptionText& text) { return text.name == option.name || text.name == full_name; };
    const auto own = std::find_if(given.begin(), given.end(), named);
    if (own != given.end()) {
      texts.push_back(text_for(option, own->value));
      if (own->items) texts.back().items = own->items;
    } else if (option.default_value == nullptr) {
      texts.push_back(text_for(option, made_up_value(option)));
    }
  }
  return texts;
}

}  // namespace

Result<OptionValues> usual_options(const Feature& feature, const std::vector<OptionText>& given) {
  return parse_options(feature, usual_texts(feature.name, feature.options, given), "");
}

Result<OptionValues> usual_options(const Sink& sink, const std::vector<OptionText>& given) {
  return parse_options(fmt::format("sink '{}'", sink.name), sink.options, usual_texts(sink.name, sink.options, given),
                       "");
}

Verdict each_feature(const Subject& subject, const std::function<Finding(const Tested&)>& ask) {
  if (subject.module.features.empty()) return skipped("it offers no feature");
  for (const Feature& feature : subject.module.features) {
    const Result<OptionValues> options = usual_options(feature, subject.request.options);
    if (!options) return failed(options.error().message);
    if (Finding wrong = ask({feature, *options, subject.request.seed}); !wrong.empty()) {
      return failed(std::move(wrong));
    }
  }
  return passed();
}

bool knows_more(const Module& module) { return module.built_minor > FG_ABI_MINOR; }

Verdict without_longer(const Module& module, std::string_view what, Verdict verdict) {
  if (!knows_more(module) || verdict.outcome != Outcome::kPassed) return verdict;
  return passed_but(
      fmt::format("{} were not made longer: built for plugin ABI 1.{}, it knows what comes there; check it with a "
                  "flowgauge of that "
                  "ABI as well",
                  what, module.built_minor));
}

Finding in_case(const std::string& when, Finding wrong) {
  return wrong.empty() ? wrong : fmt::format("{}: {}", when, wrong);
}

}  // namespace flowgauge
