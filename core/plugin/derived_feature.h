// Derives and the columns that they read, in a catalog. A derived feature is a Feature whose columns derives make of
// other features' columns. Set-up only.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/catalog.h"
#include "core/plugin/module.h"

namespace flowgauge {

// "iat" of the input "iat.fwd".
[[nodiscard]] std::string_view feature_of(const fg_input& input);

// The features that a derived feature reads; of another feature none.
[[nodiscard]] std::set<std::string> features_read_by(const Feature& feature);

// The columns that a derive reads, in its order. The error says what is missing or of another type; it is kUsage where
// a feature is not loaded.
[[nodiscard]] Result<std::vector<const CatalogColumn*>> inputs_of(const Derive& derive, const Catalog& catalog);

// The same of the derive that makes a derived feature's column. Such a column is made of features that see packets,
// never of a derived one: all derives can run in any order. The error begins with file and feature.
[[nodiscard]] Result<std::vector<const CatalogColumn*>> made_of(const CatalogColumn& column, const Catalog& catalog);

// What a column reveals as a whole, with what it is made of.
[[nodiscard]] fg_contamination revealed_by(const CatalogColumn& column, const Catalog& catalog);

}  // namespace flowgauge
