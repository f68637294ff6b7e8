#include "core/plugin/catalog.h"

#include <algorithm>

#include "core/base/suggest.h"

namespace flowgauge {
namespace {

template <class T>
const T* named(const std::vector<const T*>& all, std::string_view name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const T* one) { return one->name == name; });
  return found == all.end() ? nullptr : *found;
}

template <class T>
const T* at(const std::map<std::string, T, std::less<>>& all, std::string_view name) {
  const auto found = all.find(name);
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

bool is_absolute_time(const CatalogColumn& column) {
  const bool is_host_time = column.feature->module == nullptr && column.column().type == FG_I64 &&
                            (column.column().reveals & FG_REVEALS_TIME) != 0;
  return column.column().type == FG_TIME || is_host_time;
}

Result<void> Catalog::add(const Module& module) {
  const auto add_all = [&module](Catalog& catalog) -> Result<void> {
    for (const Feature& feature : module.features) {
      if (auto added = catalog.add(feature); !added) return added;
    }
    for (const Feature& feature : module.derived) {
      if (auto added = catalog.add(feature); !added) return added;
    }
    for (const Schema& schema : module.schemas) {
      if (auto added = catalog.add(schema); !added) return added;
    }
    for (const Sink& sink : module.sinks) {
      if (auto added = catalog.add(sink); !added) return added;
    }
    return {};
  };
  // On a copy first, so that a refused module leaves nothing behind and what find() gave out stays where it is.
  Catalog copy = *this;
  if (auto added = add_all(copy); !added) return added;
  return add_all(*this);
}

Result<void> Catalog::add(const Feature& feature) {
  if (const Feature* other = find_feature(feature.name))
    return fail(ExitCode::kPlugin, "{}: offers feature '{}', which {} offers already; leave one of them out",
                origin_of(feature), feature.name, origin_of(*other));
  for (const fg_column& column : feature.columns) {
    if (const CatalogDerived* derived = find_derived(feature.name + "." + column.name))
      return fail(ExitCode::kPlugin,
                  "{}: has column '{}', which schema '{}' of {} derives already; leave one of them out",
                  origin_of(feature), derived->full_name, derived->schema->name, origin_of(*derived->schema));
  }
  features_.push_back(&feature);
  for (std::uint32_t i = 0; i < feature.columns.size(); ++i) {
    const std::string full_name = feature.name + "." + feature.columns[i].name;
    columns_.emplace(full_name, CatalogColumn{full_name, &feature, i});
  }
  std::uint32_t next = 0;
  for (const Derive& derive : feature.derives)
    for (std::uint32_t i = 0; i < derive.outputs.size(); ++i, ++next) {
      CatalogColumn& column = columns_.find(feature.name + "." + feature.columns[next].name)->second;
      column.derive = &derive;
      column.output = i;
    }
  return {};
}

Result<void> Catalog::add(const Schema& schema) {
  if (const Schema* other = find_schema(schema.name))
    return fail(ExitCode::kPlugin, "{}: offers schema '{}', which {} offers already; leave one of them out",
                origin_of(schema), schema.name, origin_of(*other));
  for (const Derive& derive : schema.derives) {
    for (const fg_column& output : derive.outputs) {
      if (const CatalogColumn* column = find(schema.name + "." + output.name))
        return fail(ExitCode::kPlugin,
                    "{}: schema '{}' derives '{}', which is a column of {} already; leave one of them out",
                    origin_of(schema), schema.name, column->full_name, origin_of(*column->feature));
    }
  }
  schemas_.push_back(&schema);
  for (const Derive& derive : schema.derives) {
    for (std::uint32_t i = 0; i < derive.outputs.size(); ++i) {
      const std::string full_name = schema.name + "." + derive.outputs[i].name;
      derived_.emplace(full_name, CatalogDerived{full_name, &schema, &derive, i});
    }
  }
  return {};
}

Result<void> Catalog::add(const Sink& sink) {
  if (const Sink* other = find_sink(sink.name))
    return fail(ExitCode::kPlugin, "{}: offers sink '{}', which {} offers already; leave one of them out",
                sink.module->path, sink.name, other->module->path);
  sinks_.push_back(&sink);
  return {};
}

const CatalogColumn* Catalog::find(std::string_view full_name) const { return at(columns_, full_name); }
const CatalogDerived* Catalog::find_derived(std::string_view full_name) const { return at(derived_, full_name); }
const Feature* Catalog::find_feature(std::string_view name) const { return named(features_, name); }
const Schema* Catalog::find_schema(std::string_view name) const { return named(schemas_, name); }
const Sink* Catalog::find_sink(std::string_view name) const { return named(sinks_, name); }

std::vector<const CatalogColumn*> Catalog::columns() const {
  std::vector<const CatalogColumn*> all;
  for (const Feature* feature : features_)
    for (const fg_column& column : feature->columns) all.push_back(find(feature->name + "." + column.name));
  return all;
}

std::string Catalog::missing(std::string_view full_name) const {
  const std::size_t dot = full_name.find('.');
  if (dot == std::string_view::npos)
    return fmt::format("{}: is not the full name of a column; write FEATURE.COLUMN", full_name);
  const std::string_view owner = full_name.substr(0, dot);
  if (find_feature(owner) == nullptr && find_schema(owner) == nullptr) {
    std::vector<std::string> names;
    names.reserve(features_.size());
    for (const Feature* feature : features_) names.push_back(feature->name);
    std::string hint = did_you_mean(owner, names);
    if (hint.empty()) hint = "; add it to the features of the profile";
    return fmt::format("{}: feature '{}' is not loaded{}", full_name, owner, hint);
  }
  std::vector<std::string> names;
  for (const auto& [name, column] : columns_) {
    if (name.starts_with(std::string(owner) + ".")) names.push_back(name);
  }
  for (const auto& [name, derived] : derived_) {
    if (name.starts_with(std::string(owner) + ".")) names.push_back(name);
  }
  std::string hint = did_you_mean(full_name, names);
  if (hint.empty()) hint = "; `flowgauge columns` lists what there is";
  return fmt::format("{}: {} '{}' has no such column{}", full_name,
                     find_feature(owner) == nullptr ? "schema" : "feature", owner, hint);
}

}  // namespace flowgauge
