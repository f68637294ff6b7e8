#include "core/plugin/derived_feature.h"

#include "core/plugin/contamination.h"

namespace flowgauge {
namespace {

// A time is absolute where it is read.
fg_type read_as(const CatalogColumn& column) {
  return column.column().type == FG_TIME ? fg_type{FG_I64} : column.column().type;
}

}  // namespace

std::string_view feature_of(const fg_input& input) {
  const std::string_view name = input.name;
  return name.substr(0, name.find('.'));
}

std::set<std::string> features_read_by(const Feature& feature) {
  std::set<std::string> names;
  for (const Derive& derive : feature.derives)
    for (const fg_input& input : derive.inputs) names.emplace(feature_of(input));
  return names;
}

Result<std::vector<const CatalogColumn*>> inputs_of(const Derive& derive, const Catalog& catalog) {
  std::vector<const CatalogColumn*> inputs;
  for (const fg_input& input : derive.inputs) {
    const CatalogColumn* const found = catalog.find(input.name);
    if (found == nullptr) {
      const bool is_loaded = catalog.find_feature(feature_of(input)) != nullptr;
      return fail(is_loaded ? ExitCode::kPlugin : ExitCode::kUsage, "{}", catalog.missing(input.name));
    }
    if (read_as(*found) != input.type)
      return fail(ExitCode::kPlugin, "its derive reads '{}' as {}, but the column is {}; declare that type", input.name,
                  type_name(input.type), type_name(read_as(*found)));
    inputs.push_back(found);
  }
  return inputs;
}

Result<std::vector<const CatalogColumn*>> made_of(const CatalogColumn& column, const Catalog& catalog) {
  const auto refuse = [&](ExitCode code, const std::string& why) {
    return fail(code, "{}: derived feature '{}': {}", origin_of(*column.feature), column.feature->name, why);
  };
  auto inputs = inputs_of(*column.derive, catalog);
  if (!inputs) return refuse(inputs.error().code, inputs.error().message);
  for (const CatalogColumn* input : *inputs)
    if (input->derive != nullptr)
      return refuse(ExitCode::kPlugin, fmt::format("its derive reads '{}', which is derived itself; read columns of "
                                                   "features that see packets alone",
                                                   input->full_name));
  return inputs;
}

fg_contamination revealed_by(const CatalogColumn& column, const Catalog& catalog) {
  fg_contamination classes = revealed_by(column.column());
  if (column.derive == nullptr) return classes;
  for (const fg_input& input : column.derive->inputs)
    if (const CatalogColumn* const one = catalog.find(input.name); one != nullptr)
      classes |= revealed_by(one->column()) | revealed_by_extremes(one->column());
  return classes;
}

}  // namespace flowgauge
