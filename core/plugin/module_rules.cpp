#include "core/plugin/module_rules.h"

#include <set>
#include <utility>

#include "core/base/try.h"
#include "core/plugin/counter_rules.h"
#include "core/plugin/derived_rules.h"
#include "core/plugin/descriptor_copy.h"
#include "core/plugin/descriptor_rules.h"
#include "core/plugin/option_rules.h"
#include "core/plugin/packet_filter_rules.h"
#include "core/plugin/schema_rules.h"
#include "core/plugin/sink_rules.h"

namespace flowgauge {
namespace {

using rules::Finding;

constexpr fg_needs kKnownNeeds =
    FG_NEEDS_KEY | FG_NEEDS_TIME | FG_NEEDS_TAGS | FG_NEEDS_PAYLOAD | FG_NEEDS_FIELDS | FG_NEEDS_HEADERS;

Finding check_state(const fg_feature& table) {
  const std::uint32_t align = table.state_align;
  if (align == 0 || align > 64 || (align & (align - 1)) != 0)
    return fmt::format("has state_align {}; use a power of two, at most 64", align);
  if (table.state_size > rules::kMostStateBytes)
    return fmt::format("has a state of {} bytes per flow, more than {}; keep large data in memory that release frees",
                       table.state_size, rules::kMostStateBytes);
  return {};
}

Finding check_needs(const fg_feature& table) {
  if (const fg_needs unknown = table.needs & ~kKnownNeeds; unknown != 0)
    return fmt::format("needs {:#x}, which this host does not know; use the FG_NEEDS_ bits", unknown);
  const bool needs_payload = (table.needs & FG_NEEDS_PAYLOAD) != 0;
  if (needs_payload && (table.payload_bytes == 0 || table.payload_bytes > rules::kMostPayloadBytes))
    return fmt::format("needs payload, but payload_bytes is {}; ask for 1 to {} bytes", table.payload_bytes,
                       rules::kMostPayloadBytes);
  if (!needs_payload && table.payload_bytes != 0)
    return fmt::format("has payload_bytes {} without FG_NEEDS_PAYLOAD; declare the need, or set it to 0",
                       table.payload_bytes);
  return {};
}

Finding check_functions(const fg_feature& table, bool builtin) {
  const auto missing = [](const char* name) {
    return fmt::format("has no function '{}'; every feature has create, destroy, update and emit", name);
  };
  if (table.create == nullptr) return missing("create");
  if (table.destroy == nullptr) return missing("destroy");
  if (table.update == nullptr && !builtin) return missing("update");
  if (table.emit == nullptr) return missing("emit");
  return {};
}

Finding check_columns(const Feature& feature) {
  std::set<std::string_view> names;
  for (const fg_column& column : feature.columns) {
    if (Finding wrong = rules::check_column(column); !wrong.empty()) return wrong;
    if (!names.insert(column.name).second)
      return fmt::format("declares column '{}' twice; rename one of them", column.name);
  }
  return {};
}

Finding read_ends(Feature& feature) {
  const fg_array& table = feature.table.ends;
  if (Finding wrong = rules::check_array(table, sizeof(fg_end), "fg_end", "ends"); !wrong.empty()) return wrong;
  feature.ends = rules::items_of<fg_end>(table);
  std::set<std::string_view> names;
  for (const fg_end& end : feature.ends) {
    if (Finding wrong = rules::check_name(end.name, "an end"); !wrong.empty()) return wrong;
    if (Finding wrong = rules::check_text(end.doc, fmt::format("the doc of end '{}'", end.name)); !wrong.empty())
      return wrong;
    if (!names.insert(end.name).second) return fmt::format("declares end '{}' twice; rename one of them", end.name);
  }
  return {};
}

// Everything behind the name. Fills in what it has judged.
Finding read_rest(Feature& feature, bool builtin) {
  const fg_feature& table = feature.table;
  if (Finding wrong = rules::check_text(table.version, "its version"); !wrong.empty()) return wrong;
  if (Finding wrong = rules::check_text(table.doc, "its doc"); !wrong.empty()) return wrong;
  feature.version = table.version;
  feature.doc = table.doc;
  if (Finding wrong = check_state(table); !wrong.empty()) return wrong;
  if (Finding wrong = check_needs(table); !wrong.empty()) return wrong;
  if (Finding wrong = check_functions(table, builtin); !wrong.empty()) return wrong;
  if (table.columns.count == 0) return "declares no columns; a feature has at least one";
  if (Finding wrong = rules::check_array(table.columns, FG_SIZE_1_0(fg_column, reserved), "fg_column", "columns");
      !wrong.empty())
    return wrong;
  feature.columns = rules::items_of<fg_column>(table.columns);
  if (Finding wrong = check_columns(feature); !wrong.empty()) return wrong;
  if (Finding wrong = read_ends(feature); !wrong.empty()) return wrong;
  if (Finding wrong = rules::read_counters(feature); !wrong.empty()) return wrong;
  if (Finding wrong = rules::read_packet_filters(feature); !wrong.empty()) return wrong;
  return rules::read_options(table.options, rules::OptionsOf::kFeature, feature.options);
}

Finding check_module(const fg_module& table) {
  if (Finding wrong = rules::check_struct_size(table.struct_size, FG_SIZE_1_0(fg_module, schemas), "fg_module");
      !wrong.empty())
    return "its fg_module " + wrong;
  if (Finding wrong = rules::check_name(table.name, "the module"); !wrong.empty()) return wrong;
  if (Finding wrong = rules::check_text(table.version, "the module's version"); !wrong.empty()) return wrong;
  if (Finding wrong = rules::check_text(table.licence, "the module's licence"); !wrong.empty()) return wrong;
  for (const auto& [text, what] :
       {std::pair(table.vendor, "the module's vendor"), std::pair(table.url, "the module's url"),
        std::pair(table.support, "the module's support")}) {
    if (text == nullptr) continue;
    if (Finding wrong = rules::check_text(text, what); !wrong.empty()) return wrong;
  }
  if (Finding wrong = rules::check_count(table.feature_count, table.features == nullptr, "features"); !wrong.empty())
    return wrong;
  if (Finding wrong = rules::check_count(table.schema_count, table.schemas == nullptr, "schemas"); !wrong.empty())
    return wrong;
  if (Finding wrong = rules::check_count(table.derived_count, table.derived == nullptr, "derived features");
      !wrong.empty())
    return wrong;
  if (Finding wrong = rules::check_count(table.sink_count, table.sinks == nullptr, "sinks"); !wrong.empty())
    return wrong;
  if (table.feature_count == 0 && table.schema_count == 0 && table.derived_count == 0 && table.sink_count == 0)
    return "offers no feature, no schema and no sink; list what it has in fg_module_v1";
  return {};
}

}  // namespace

Result<Feature> read_feature(const fg_feature* table, const std::string& path, bool builtin) {
  if (table == nullptr) return rules::refuse(path, "a feature in its list is a null pointer; check feature_count");
  if (Finding wrong = rules::check_struct_size(table->struct_size, FG_SIZE_1_0(fg_feature, release), "fg_feature");
      !wrong.empty())
    return rules::refuse(path, "an fg_feature " + wrong);
  Feature feature;
  feature.table = rules::widened<fg_feature>(table, table->struct_size);
  if (Finding wrong = rules::check_name(feature.table.name, "a feature"); !wrong.empty())
    return rules::refuse(path, wrong);
  feature.name = feature.table.name;
  if (Finding wrong = read_rest(feature, builtin); !wrong.empty())
    return rules::refuse(path, fmt::format("feature '{}': {}", feature.name, wrong));
  return feature;
}

Result<std::unique_ptr<Module>> read_module(const fg_module& table, const std::string& path) {
  const auto known = rules::widened<fg_module>(&table, table.struct_size);
  if (Finding wrong = check_module(known); !wrong.empty()) return rules::refuse(path, wrong);
  auto module = std::make_unique<Module>();
  module->name = known.name;
  module->version = known.version;
  module->licence = known.licence;
  if (known.vendor != nullptr) module->vendor = known.vendor;
  if (known.url != nullptr) module->url = known.url;
  if (known.support != nullptr) module->support = known.support;
  module->min_host_minor = known.min_host_minor;
  module->built_minor = known.built_minor;

  std::set<std::string> names;
  for (std::uint32_t i = 0; i < known.feature_count; ++i) {
    Feature feature = TRY(read_feature(known.features[i], path, false));
    if (!names.insert(feature.name).second)
      return rules::refuse(path, fmt::format("offers feature '{}' twice; rename one of them", feature.name));
    feature.module = module.get();
    module->features.push_back(std::move(feature));
  }
  for (std::uint64_t i = 0; i < known.derived_count; ++i) {
    Feature feature = TRY(read_derived(known.derived[i], path));
    if (!names.insert(feature.name).second)
      return rules::refuse(path,
                           fmt::format("derived feature '{}': another of its features is called so; rename one of "
                                       "them",
                                       feature.name));
    feature.module = module.get();
    for (Derive& derive : feature.derives) derive.module = module.get();
    module->derived.push_back(std::move(feature));
  }
  names.clear();
  for (std::uint32_t i = 0; i < known.schema_count; ++i) {
    Schema schema = TRY(read_schema(known.schemas[i], path));
    if (!names.insert(schema.name).second)
      return rules::refuse(path, fmt::format("offers schema '{}' twice; rename one of them", schema.name));
    schema.module = module.get();
    for (Derive& derive : schema.derives) derive.module = module.get();
    module->schemas.push_back(std::move(schema));
  }
  names.clear();
  for (std::uint64_t i = 0; i < known.sink_count; ++i) {
    Sink sink = TRY(read_sink(known.sinks[i], path));
    if (!names.insert(sink.name).second)
      return rules::refuse(path, fmt::format("offers sink '{}' twice; rename one of them", sink.name));
    sink.module = module.get();
    module->sinks.push_back(std::move(sink));
  }
  return module;
}

Result<std::unique_ptr<Module>> read_module(std::uintptr_t address, MemoryReader& reader, const std::string& path) {
  DescriptorCopy copy = TRY(copy_descriptors(address, reader, path));
  auto module = TRY(read_module(copy.module, path));
  module->tables = std::move(copy.memory);
  return module;
}

}  // namespace flowgauge
