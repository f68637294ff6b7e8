// `features` and `exporters`: lists of things that plugins offer, and of the files they are in.
#include "core/profile/sections.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iterator>
#include <system_error>

#include "core/base/try.h"
#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"

namespace flowgauge {
namespace {

// A relative path is meant from the folder of the file it stands in, so that a profile and its plugins move together.
std::string from_folder_of(const std::string& file, const std::string& path) {
  const std::filesystem::path completed = std::filesystem::path(file).parent_path() / path;
  const std::string text = completed.lexically_normal().string();
  return text.find('/') == std::string::npos ? "./" + text : text;  // the '/' is what makes it a path
}

Result<void> read_module(const YamlNode& node, std::string_view key, ProfileModule& plugin) {
  if (node.kind == YamlNode::Kind::kScalar && node.text.find('/') != std::string::npos) {
    plugin.module = {from_folder_of(*node.file, node.text), *node.file, node.line};
    return {};
  }
  return read_plugin_name(node, key, plugin.module);
}

// A name, or a path that stands for the name of its file: "./build/mine.so" is `mine`, held by that file.
Result<void> read_name_or_path(const YamlNode& node, std::string_view key, Located<std::string>& name,
                               ProfileModule& plugin) {
  if (node.kind != YamlNode::Kind::kScalar || node.text.find('/') == std::string::npos) {
    return read_plugin_name(node, key, name);
  }
  if (!plugin.module.value.empty()) {
    return node.refuse("'{}' is a path, and 'module' is given too; give the name alone", key);
  }
  YamlNode stem = node;
  stem.text = std::filesystem::path(node.text).stem().string();
  if (Result<void> done = read_plugin_name(stem, key, name); !done) {
    return node.refuse("'{}': the file name of '{}' is no name of a plugin; give the name and, as 'module', the path",
                       key, printable(node.text));
  }
  return read_module(node, key, plugin);
}

Result<ProfileOption> read_option(const YamlEntry& entry) {
  const YamlNode& value = entry.value;
  ProfileOption option{.name = {entry.key, *value.file, value.line}, .text = {{}, *value.file, value.line}};
  if (value.kind != YamlNode::Kind::kList) {
    option.text.value = TRY(read_scalar(value, entry.key, "a single value or a list"));
    return option;
  }
  option.items.emplace();
  for (const YamlNode& item : value.items) {
    const std::string name = fmt::format("{}[{}]", entry.key, option.items->size());
    option.items->push_back(TRY(read_scalar(item, name, "a single value")));
  }
  return option;
}

Result<void> read_options(const YamlNode& node, std::string_view key, std::vector<ProfileOption>& options) {
  if (node.kind == YamlNode::Kind::kNothing) return node.refuse("'{}' has no keys; give some or leave it out", key);
  if (node.kind != YamlNode::Kind::kMap) {
    return node.refuse("'{}' must be a mapping of option names to values, not {}", key, kind_text(node.kind));
  }
  for (const YamlEntry& entry : node.entries) options.push_back(TRY(read_option(entry)));
  std::sort(options.begin(), options.end(),
            [](const auto& left, const auto& right) { return left.name.value < right.name.value; });
  return {};
}

constexpr Key<ProfileFeature> kFeatureTable[] = {
    {"name", [](const YamlNode& node, std::string_view key,
                ProfileFeature& feature) { return read_name_or_path(node, key, feature.name, feature.plugin); }},
    {"module", [](const YamlNode& node, std::string_view key,
                  ProfileFeature& feature) { return read_module(node, key, feature.plugin); }},
    {"sha256", [](const YamlNode& node, std::string_view key,
                  ProfileFeature& feature) { return read_sha256(node, key, feature.plugin.sha256); }},
    {"options", [](const YamlNode& node, std::string_view key,
                   ProfileFeature& feature) { return read_options(node, key, feature.options); }},
};

constexpr Key<ProfileFormat> kFormatTable[] = {
    {"name", [](const YamlNode& node, std::string_view key,
                ProfileFormat& format) { return read_name_or_path(node, key, format.name, format.plugin); }},
    {"module", [](const YamlNode& node, std::string_view key,
                  ProfileFormat& format) { return read_module(node, key, format.plugin); }},
    {"sha256", [](const YamlNode& node, std::string_view key,
                  ProfileFormat& format) { return read_sha256(node, key, format.plugin.sha256); }},
    {"options", [](const YamlNode& node, std::string_view key,
                   ProfileFormat& format) { return read_options(node, key, format.options); }},
};

// Of a format of text there is nothing but its name.
Result<void> settle_format(const YamlNode& node, std::string_view key, const ProfileFormat& format) {
  if (format.name.value.empty()) return node.refuse("'{}' needs 'name'", key);
  if (!table_format(format.name.value)) return {};
  for (const auto& [part, is_given] :
       {std::pair("module", !format.plugin.module.value.empty()),
        std::pair("sha256", !format.plugin.sha256.value.empty()), std::pair("options", !format.options.empty())})
    if (is_given)
      return node.refuse("'{}' is for a sink of a plugin, and {} is text; leave it out", part, format.name.value);
  return {};
}

// An entry of a list: a name (or path) alone, or a mapping that has `wanted`.
template <class Entry>
Result<void> read_entry(const YamlNode& node, std::string_view list, std::string_view wanted,
                        std::span<const Key<Entry>> keys, Located<std::string> Entry::*name, Entry& entry) {
  if (node.kind == YamlNode::Kind::kScalar) return read_name_or_path(node, list, entry.*name, entry.plugin);
  if (node.kind == YamlNode::Kind::kMap) return read_map<Entry>(node, list, keys, entry);
  return node.refuse("an entry of '{}' is a name, or a mapping with {}, not {}", list, wanted, kind_text(node.kind));
}

Result<void> read_format(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  exporter.format_from = ProfileExporter::FormatFrom::kChoice;
  ProfileFormat format;
  format.name.value.clear();
  TRY([&]() -> Result<void> {
    if (node.kind == YamlNode::Kind::kScalar) return read_name_or_path(node, key, format.name, format.plugin);
    if (node.kind == YamlNode::Kind::kMap) return read_map<ProfileFormat>(node, key, kFormatTable, format);
    return node.refuse("'{}' is a name, or a mapping with 'name', not {}", key, kind_text(node.kind));
  }());
  TRY(settle_format(node, key, format));
  exporter.format = std::move(format);
  return {};
}

Result<void> read_output_path(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  if (Result<void> done = read_text(node, key, exporter.path); !done) return done;
  if (exporter.path.value.empty()) return node.refuse("'{}' is empty; standard output is '-'", key);
  return {};
}

Result<void> read_append(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  if (Result<void> done = check_list(node, key); !done) return done;
  for (const YamlNode& item : node.items) {
    const std::string name = TRY(read_scalar(item, key, "a column, as flow.segment"));
    exporter.append.push_back({name, *item.file, item.line});
  }
  return {};
}

// As chmod takes it.
Result<void> read_mode(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  const std::string text = TRY(read_scalar(node, key, "a mode of files in octal digits, as 0640"));
  FileMode mode = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
  const bool is_octal = error == std::errc() && end == text.data() + text.size();
  if (!is_octal || (mode & ~kMostMode) != 0 || (mode & kOwnersMode) != kOwnersMode)
    return node.refuse(
        "'{}': '{}' is no mode of a file that its owner reads and writes and nobody executes; give octal digits, "
        "as 0640",
        key, printable(text));
  exporter.mode = mode;
  return {};
}

constexpr Key<ProfileExporter> kExporterTable[] = {
    {"schema",
     [](const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
       return read_name_or_path(node, key, exporter.schema, exporter.plugin);
     }},
    {"module", [](const YamlNode& node, std::string_view key,
                  ProfileExporter& exporter) { return read_module(node, key, exporter.plugin); }},
    {"sha256", [](const YamlNode& node, std::string_view key,
                  ProfileExporter& exporter) { return read_sha256(node, key, exporter.plugin.sha256); }},
    {"options", [](const YamlNode& node, std::string_view key,
                   ProfileExporter& exporter) { return read_options(node, key, exporter.options); }},
    {"columns", read_columns},
    {"format", read_format},
    {"path", read_output_path},
    {"header", [](const YamlNode& node, std::string_view key,
                  ProfileExporter& exporter) { return read_bool(node, key, exporter.header); }},
    {"metadata", [](const YamlNode& node, std::string_view key,
                    ProfileExporter& exporter) { return read_bool(node, key, exporter.metadata); }},
    {"existing", [](const YamlNode& node, std::string_view key,
                    ProfileExporter& exporter) { return read_choice(node, key, kExistingFiles, exporter.existing); }},
    {"append", read_append},
    {"rotate", read_rotate},
    {"keep", read_keep},
    {"mode", read_mode},
};

// A plugin's schema or columns of its own, with what belongs to it. An own table is called as the profile's file, or
// `table` where the command line gives it.
Result<void> settle_table(const YamlNode& node, std::string_view list, ProfileExporter& exporter) {
  const bool has_schema = !exporter.schema.value.empty();
  if (exporter.columns.empty()) {
    if (has_schema) return {};
    return node.refuse("an entry of '{}' needs 'schema' or 'columns'", list);
  }
  if (has_schema) return node.refuse("an entry of '{}' has 'schema' or 'columns', not both", list);
  for (const auto& [key, is_given] :
       {std::pair("module", !exporter.plugin.module.value.empty()),
        std::pair("sha256", !exporter.plugin.sha256.value.empty()), std::pair("options", !exporter.options.empty())}) {
    if (is_given) return node.refuse("'{}' is for the schema of a plugin; leave it out beside 'columns'", key);
  }
  const std::string name = node.line == 0 ? "table" : std::filesystem::path(*node.file).stem().string();
  exporter.schema = {name, *node.file, node.line};
  return {};
}

std::string output_identity(const ProfileExporter& exporter) {
  return exporter.path.value == "-" ? "-" : std::filesystem::path(exporter.path.value).lexically_normal().string();
}

}  // namespace

Result<void> read_features(const YamlNode& node, std::string_view key, Profile& profile) {
  if (Result<void> done = check_list(node, key); !done) return done;
  std::vector<ProfileFeature> features;
  for (const YamlNode& item : node.items) {
    ProfileFeature feature;
    Result<void> done = read_entry<ProfileFeature>(item, key, "'name'", kFeatureTable, &ProfileFeature::name, feature);
    if (!done) return done;
    if (feature.name.value.empty()) return item.refuse("an entry of '{}' needs 'name'", key);
    for (const ProfileFeature& other : features) {
      if (other.name.value != feature.name.value) continue;
      return item.refuse("feature '{}' is listed twice{}", feature.name.value, first_in_line(other.name.line));
    }
    features.push_back(std::move(feature));
  }
  profile.features = std::move(features);
  return {};
}

Result<void> read_exporters(const YamlNode& node, std::string_view key, Profile& profile) {
  if (Result<void> done = check_list(node, key); !done) return done;
  std::vector<ProfileExporter> exporters;
  for (const YamlNode& item : node.items) {
    ProfileExporter exporter;
    Result<void> done = read_entry<ProfileExporter>(item, key, "'schema' or 'columns'", kExporterTable,
                                                    &ProfileExporter::schema, exporter);
    if (done) done = settle_table(item, key, exporter);
    if (!done) return done;
    for (const ProfileExporter& other : exporters) {
      if (output_identity(other) != output_identity(exporter)) continue;
      const std::string output =
          exporter.path.value == "-" ? "standard output" : fmt::format("'{}'", printable(exporter.path.value));
      const std::string line = other.schema.line == 0 ? "" : fmt::format(" in line {}", other.schema.line);
      return item.refuse("schema '{}' writes to {}, as schema '{}'{} does; give one of them another 'path'",
                         exporter.schema.value, output, other.schema.value, line);
    }
    exporters.push_back(std::move(exporter));
  }
  profile.exporters = std::move(exporters);
  return {};
}

std::vector<std::string> feature_keys() { return key_names<ProfileFeature>(kFeatureTable); }
std::vector<std::string> format_keys() { return key_names<ProfileFormat>(kFormatTable); }
std::vector<std::string> exporter_keys() { return key_names<ProfileExporter>(kExporterTable); }

}  // namespace flowgauge
