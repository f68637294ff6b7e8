#include "core/plugin/derived_rules.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

#include "core/plugin/derive_rules.h"
#include "core/plugin/derived_feature.h"
#include "core/plugin/descriptor_rules.h"

namespace flowgauge {
namespace {

using rules::Finding;

Finding check_inputs(const Feature& feature) {
  for (const Derive& derive : feature.derives) {
    std::set<std::string_view> names;
    for (const fg_input& input : derive.inputs) {
      if (feature_of(input) == feature.name)
        return fmt::format("a derive reads '{}', a column of its own; read columns of features that see packets alone",
                           input.name);
      if (!names.insert(input.name).second)
        return fmt::format("a derive has the input '{}' twice; remove one of them", input.name);
    }
  }
  return {};
}

// Everything behind the name. Fills in what it has judged.
Finding read_rest(const fg_derived& table, Feature& feature) {
  if (Finding wrong = rules::check_text(table.version, "its version"); !wrong.empty()) return wrong;
  if (Finding wrong = rules::check_text(table.doc, "its doc"); !wrong.empty()) return wrong;
  feature.version = table.version;
  feature.doc = table.doc;
  if (table.derive_count == 0) return "has no derives; give it at least one";
  if (Finding wrong = rules::read_derives(table.derives, table.derive_count, feature.derives); !wrong.empty())
    return wrong;
  for (const Derive& derive : feature.derives)
    feature.columns.insert(feature.columns.end(), derive.outputs.begin(), derive.outputs.end());
  return check_inputs(feature);
}

}  // namespace

Result<Feature> read_derived(const fg_derived* table, const std::string& path) {
  if (table == nullptr)
    return rules::refuse(path, "a derived feature in its list is a null pointer; check derived_count");
  if (Finding wrong = rules::check_struct_size(table->struct_size, FG_SIZE_1_0(fg_derived, derives), "fg_derived", 1);
      !wrong.empty())
    return rules::refuse(path, "an fg_derived " + wrong);
  const auto known = rules::widened<fg_derived>(table, table->struct_size);
  if (Finding wrong = rules::check_name(known.name, "a derived feature"); !wrong.empty())
    return rules::refuse(path, wrong);
  Feature feature;
  feature.name = known.name;
  if (Finding wrong = read_rest(known, feature); !wrong.empty())
    return rules::refuse(path, fmt::format("derived feature '{}': {}", feature.name, wrong));
  return feature;
}

}  // namespace flowgauge
