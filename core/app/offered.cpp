#include "core/app/offered.h"

#include <fmt/format.h>

#include <utility>

#include "core/app/module_text.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/expression/functions.h"
#include "core/expression/series.h"
#include "core/host/interfaces.h"
#include "core/output/table_format.h"
#include "core/plugin/contamination.h"
#include "core/plugin/derived_feature.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {
namespace {

void add_columns(const Catalog& catalog, Offer& offer) {
  for (const CatalogColumn* one : catalog.columns()) {
    const fg_column& column = one->column();
    const fg_contamination classes = revealed_by(*one, catalog);
    OfferedColumn offered{.name = one->full_name,
                          .feature = one->feature->name,
                          .type = std::string(type_name(column.type)),
                          .unit = std::string(unit_name(column.unit)),
                          .doc = column.doc,
                          .reveals = contamination_text(classes)};
    if (column.type != FG_SERIES) {
      offer.columns.push_back(std::move(offered));
      continue;
    }
    for (const expression::SeriesMember& member : expression::series_members()) {
      OfferedColumn part = offered;
      part.name = fmt::format("{}.{}", one->full_name, member.name);
      part.type = member.name == "count" ? "u64" : "f64";
      if (member.name == "count") part.unit = std::string(unit_name(FG_UNIT_COUNT));
      if (member.kind == expression::SeriesMember::Kind::kExtreme)
        part.reveals = contamination_text(classes | revealed_by_extremes(column));
      offer.columns.push_back(std::move(part));
    }
  }
}

void add_plugins(const Plan& plan, Offer& offer) {
  for (const Feature* feature : plan.catalog.features())
    if (!feature->columns.empty()) offer.features.push_back({feature->name, feature->doc});
  for (const Schema* schema : plan.catalog.schemas())
    offer.schemas.push_back({schema->name, schema->doc, column_count(*schema)});
  for (const TableFormatName& format : kTableFormats) offer.formats.push_back({std::string(format.name), ""});
  for (const Module* module : plan.modules.modules())
    for (const Sink& sink : module->sinks) offer.formats.push_back({sink.name, sink.doc});
  add_columns(plan.catalog, offer);
}

void add_profiles(Offer& offer) {
  for (const std::string& name : available_profiles(default_profile_folders())) {
    const auto profile = load_profile(name);
    offer.profiles.push_back({name, profile ? profile->description : profile.error().message});
  }
}

void add_interfaces(Offer& offer) {
  const auto interfaces = list_interfaces();
  if (!interfaces) return;
  const auto addresses = addresses_of_interfaces();
  for (const Interface& one : *interfaces) {
    const auto own = addresses.find(one.name);
    offer.interfaces.push_back({one.name, one.up, own == addresses.end() ? "" : join(own->second)});
  }
}

}  // namespace

Offer offer_of(const PluginPaths& paths) {
  Offer offer;
  const auto plan = load_all_plugins(paths, offer.refusals);
  add_plugins(*plan, offer);
  add_profiles(offer);
  for (const expression::Function& function : expression::functions()) offer.functions.emplace_back(function.usage);
  add_interfaces(offer);
  return offer;
}

}  // namespace flowgauge
