// All columns by full name, FEATURE.COLUMN, and all schemas and sinks by name, of the loaded modules and of the host
// itself. Filled once at set-up; then read by any thread. What it is given must outlive it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/module.h"

namespace flowgauge {

struct CatalogColumn {
  std::string full_name;  // "iat.fwd"
  const Feature* feature = nullptr;
  std::uint32_t index = 0;         // in feature->columns
  const Derive* derive = nullptr;  // what makes it, of a derived feature
  std::uint32_t output = 0;        // of that derive

  [[nodiscard]] const fg_column& column() const { return feature->columns[index]; }
};

// Its cells are ns since the epoch. Of plain integers only the host's own: a plugin's could be a constant.
[[nodiscard]] bool is_absolute_time(const CatalogColumn& column);

// What a derive of a schema makes: "cic.label".
struct CatalogDerived {
  std::string full_name;
  const Schema* schema = nullptr;
  const Derive* derive = nullptr;
  std::uint32_t index = 0;  // in derive->outputs
};

class Catalog {
 public:
  // Everything of a module, or nothing: refused where a name is taken.
  [[nodiscard]] Result<void> add(const Module& module);
  [[nodiscard]] Result<void> add(const Feature& feature);
  [[nodiscard]] Result<void> add(const Schema& schema);
  [[nodiscard]] Result<void> add(const Sink& sink);

  // Null if there is none.
  [[nodiscard]] const CatalogColumn* find(std::string_view full_name) const;
  [[nodiscard]] const CatalogDerived* find_derived(std::string_view full_name) const;
  [[nodiscard]] const Feature* find_feature(std::string_view name) const;
  [[nodiscard]] const Schema* find_schema(std::string_view name) const;
  [[nodiscard]] const Sink* find_sink(std::string_view name) const;

  // Why `full_name` is not there, and what to do: "bulk.fwd_count: feature 'bulk' is not loaded; ..." or
  // "iat.fdw: feature 'iat' has no such column; did you mean 'iat.fwd'?"
  [[nodiscard]] std::string missing(std::string_view full_name) const;

  [[nodiscard]] const std::vector<const Feature*>& features() const { return features_; }  // in order of add
  // Of all features, in their order.
  [[nodiscard]] std::vector<const CatalogColumn*> columns() const;
  [[nodiscard]] const std::vector<const Schema*>& schemas() const { return schemas_; }

 private:
  std::map<std::string, CatalogColumn, std::less<>> columns_;
  std::map<std::string, CatalogDerived, std::less<>> derived_;
  std::vector<const Feature*> features_;
  std::vector<const Schema*> schemas_;
  std::vector<const Sink*> sinks_;
};

}  // namespace flowgauge
