// contamination: a column moves only with what it declares to reveal.
#include <fmt/format.h>

#include "core/check/checks.h"
#include "core/check/leak_check.h"

namespace flowgauge {
namespace {

Finding ask_clean(const Tested& tested) {
  const auto leaks = find_leaks({&tested.feature, tested.options}, tested.seed);
  if (!leaks) return leaks.error().message;
  if (leaks->empty()) return {};
  const std::string& first = leaks->front().sentence;
  return leaks->size() == 1 ? first : fmt::format("{} (and {} more)", first, leaks->size() - 1);
}

}  // namespace

Verdict check_contamination(const Subject& subject) { return each_feature(subject, ask_clean); }

}  // namespace flowgauge
