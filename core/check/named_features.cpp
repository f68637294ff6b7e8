#include "core/check/named_features.h"

#include "core/base/try.h"
#include "core/plugin/derived_feature.h"

namespace flowgauge {

Result<void> NamedFeatures::begin() {
  for (const Feature* feature : subject_.request.host_features) TRY(catalog_.add(*feature));
  loaded_.insert(&subject_.module);
  return catalog_.add(subject_.module);
}

Result<void> NamedFeatures::load(const std::string& name) {
  TRY(load_one(name));
  const Feature* const feature = catalog_.find_feature(name);
  if (feature == nullptr) return {};  // its file has none of that name: whoever binds to it says so
  for (const std::string& input : features_read_by(*feature)) TRY(load_one(input));
  return {};
}

Result<void> NamedFeatures::load_one(const std::string& name) {
  if (catalog_.find_feature(name) != nullptr) return {};
  const auto module = TRY(subject_.modules.load("feature", name, subject_.request.search, subject_.request.trust));
  if (!loaded_.insert(module).second) return {};
  return catalog_.add(*module);
}

}  // namespace flowgauge
