// The features that schemas and derived features of a plugin under check speak of, loaded as they are named. In the
// child.
#pragma once

#include <set>
#include <string>

#include "core/base/result.h"
#include "core/check/subject.h"
#include "core/plugin/catalog.h"

namespace flowgauge {

class NamedFeatures {
 public:
  explicit NamedFeatures(const Subject& subject) : subject_(subject) {}

  // The host's and the plugin's own. Once, before anything else.
  [[nodiscard]] Result<void> begin();
  // One by its name and, where it is derived, those that it reads.
  [[nodiscard]] Result<void> load(const std::string& name);

  [[nodiscard]] const Catalog& catalog() const { return catalog_; }

 private:
  [[nodiscard]] Result<void> load_one(const std::string& name);

  const Subject& subject_;
  Catalog catalog_;
  std::set<const Module*> loaded_;
};

}  // namespace flowgauge
