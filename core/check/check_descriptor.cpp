// descriptor: the tables are valid (the loader has judged them), and each feature can be created and destroyed.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/suggest.h"
#include "core/check/checks.h"

namespace flowgauge {
namespace {

// Of --option: a name that no feature and no sink has.
Finding unknown_option(const Subject& subject) {
  std::vector<std::string> names;
  const auto add = [&](const auto& owner) {
    for (const fg_option& option : owner.options)
      names.insert(names.end(), {option.name, fmt::format("{}.{}", owner.name, option.name)});
  };
  std::ranges::for_each(subject.module.features, add);
  std::ranges::for_each(subject.module.sinks, add);
  for (const OptionText& given : subject.request.options)
    if (std::ranges::find(names, given.name) == names.end())
      return fmt::format("nothing in it has an option '{}', which --option gives{}", given.name,
                         did_you_mean(given.name, names));
  return {};
}

}  // namespace

Verdict check_descriptor(const Subject& subject) {
  if (Finding wrong = unknown_option(subject); !wrong.empty()) return failed(std::move(wrong));
  if (subject.module.features.empty()) return passed();
  return each_feature(subject, [](const Tested& tested) {
    const MadeFlows made = make_flows({}, {.seed = tested.seed, .flows = 1, .filters = tested.feature.packet_filters});
    Rig rig(tested.feature, tested.options, made);
    return rig.create();
  });
}

}  // namespace flowgauge
