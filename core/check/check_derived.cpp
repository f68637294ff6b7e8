// derived: derived features find the columns that they read, in the types that they declare; their derives bear hostile
// cells.
#include <fmt/format.h>

#include "core/check/check_derive.h"
#include "core/check/checks.h"
#include "core/check/named_features.h"
#include "core/plugin/derived_feature.h"

namespace flowgauge {
namespace {

Finding ask_derived(const Feature& feature, NamedFeatures& features) {
  if (const auto loaded = features.load(feature.name); !loaded)
    return fmt::format("derived feature '{}': {}", feature.name, loaded.error().message);
  for (const fg_column& column : feature.columns) {
    const CatalogColumn* const found = features.catalog().find(fmt::format("{}.{}", feature.name, column.name));
    if (const auto inputs = made_of(*found, features.catalog()); !inputs) return inputs.error().message;
  }
  for (const Derive& derive : feature.derives) {
    Finding wrong = check_derive({"derived feature", feature.name, *feature.module}, derive, features.catalog());
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

Verdict check_derived(const Subject& subject) {
  if (subject.module.derived.empty()) return skipped("it offers no derived feature");
  NamedFeatures features(subject);
  if (const auto begun = features.begin(); !begun) return failed(begun.error().message);
  for (const Feature& feature : subject.module.derived)
    if (Finding wrong = ask_derived(feature, features); !wrong.empty()) return failed(std::move(wrong));
  return passed();
}

}  // namespace flowgauge
