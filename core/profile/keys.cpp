#include "core/profile/keys.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <span>
#include <string_view>

#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/load.h"

namespace flowgauge {
namespace {

// How the key `name` of a mapping is read into the mapping's Target.
template <class Target>
struct Key {
  std::string_view name;
  Result<void> (*read)(const YamlNode& node, std::string_view key, Target& target);
};

std::unexpected<Error> refuse_unknown(const YamlNode& node, std::string_view key, std::string_view section,
                                      std::span<const std::string> names) {
  const std::string in = section.empty() ? std::string() : fmt::format(" in '{}'", section);
  std::string hint = did_you_mean(key, names);
  for (const std::string& known : known_profile_keys()) {
    const std::size_t dot = known.rfind('.');
    if (!hint.empty() || dot == std::string::npos || known.substr(dot + 1) != key) continue;
    hint = fmt::format("; it belongs under '{}'", known.substr(0, known.find_first_of(".[")));
  }
  if (hint.empty()) hint = fmt::format("; the keys are: {}", join(names));
  return node.refuse("unknown key '{}'{}{}", printable(key), in, hint);
}

template <class Target>
Result<void> read_map(const YamlNode& node, std::string_view section, std::span<const Key<Target>> keys,
                      Target& target) {
  if (node.kind == YamlNode::Kind::kNothing) return node.refuse("'{}' has no keys; give some or leave it out", section);
  if (node.kind != YamlNode::Kind::kMap) {
    return node.refuse("'{}' must be a mapping of keys, not {}", section, kind_text(node.kind));
  }
  std::vector<std::string> names;
  for (const Key<Target>& key : keys) names.emplace_back(key.name);
  for (const YamlEntry& entry : node.entries) {
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == entry.key; });
    if (known == keys.end()) return refuse_unknown(entry.value, entry.key, section, names);
    if (Result<void> done = known->read(entry.value, known->name, target); !done) return done;
  }
  return {};
}

// ---------------------------------------------------------------- flow, packets

template <auto Member>
Result<void> read_duration_member(const YamlNode& node, std::string_view key, ProfileFlow& flow) {
  return read_duration(node, key, flow.*Member);
}

template <const auto& Choices, auto Member, class Target>
Result<void> read_choice_member(const YamlNode& node, std::string_view key, Target& target) {
  return read_choice(node, key, Choices, target.*Member);
}

Result<void> read_max_flows(const YamlNode& node, std::string_view key, ProfileFlow& flow) {
  const Result<std::uint64_t> number = read_number(node, key, 1, kMostFlows);
  if (!number) return std::unexpected(number.error());
  flow.max_flows = *number;
  return {};
}

constexpr Key<ProfileFlow> kFlowTable[] = {
    {"direction", read_choice_member<kDirections, &ProfileFlow::direction>},
    {"continuation", read_choice_member<kContinuations, &ProfileFlow::continuation>},
    {"tcp_close", read_choice_member<kTcpCloses, &ProfileFlow::tcp_close>},
    {"flow_key", read_choice_member<kFlowKeys, &ProfileFlow::flow_key>},
    {"idle_timeout", read_duration_member<&ProfileFlow::idle_timeout_ns>},
    {"active_timeout", read_duration_member<&ProfileFlow::active_timeout_ns>},
    {"linger", read_duration_member<&ProfileFlow::linger_ns>},
    {"early_export", read_duration_member<&ProfileFlow::early_export_ns>},
    {"max_flows", read_max_flows},
};

Result<std::uint8_t> read_protocol(const YamlNode& node, std::string_view key) {
  if (node.kind == YamlNode::Kind::kScalar) {
    const std::optional<std::uint64_t> number = parse_u64(node.text);
    if (number && *number <= 255) return static_cast<std::uint8_t>(*number);
    if (number) return node.refuse("'{}': {} is no IP protocol; numbers go from 0 to 255", key, *number);
  }
  std::uint8_t protocol = 0;
  if (Result<void> done = read_choice(node, key, kProtocols, protocol); !done) return std::unexpected(done.error());
  return protocol;
}

Result<void> read_protocols(const YamlNode& node, std::string_view key, ProfilePackets& packets) {
  std::vector<std::uint8_t> protocols;
  if (node.kind == YamlNode::Kind::kScalar && node.text == "all") {
    packets.protocols = {};
    return {};
  }
  if (node.kind != YamlNode::Kind::kList || node.items.empty()) {
    return node.refuse("'{}' must be 'all' or a list of names and numbers ([tcp, udp, 47])", key);
  }
  for (const YamlNode& item : node.items) {
    const Result<std::uint8_t> protocol = read_protocol(item, key);
    if (!protocol) return std::unexpected(protocol.error());
    protocols.push_back(*protocol);
  }
  std::sort(protocols.begin(), protocols.end());
  protocols.erase(std::unique(protocols.begin(), protocols.end()), protocols.end());
  packets.protocols = std::move(protocols);
  return {};
}

Result<void> read_filter(const YamlNode& node, std::string_view key, ProfilePackets& packets) {
  return read_text(node, key, packets.filter);
}

constexpr Key<ProfilePackets> kPacketsTable[] = {
    {"decapsulate", read_choice_member<kDecapsulates, &ProfilePackets::decapsulate>},
    {"fragments", read_choice_member<kFragmentRules, &ProfilePackets::fragments>},
    {"protocols", read_protocols},
    {"filter", read_filter},
};

// ---------------------------------------------------------------- features, exporters

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

Result<void> read_options(const YamlNode& node, std::string_view key, ProfileFeature& feature) {
  if (node.kind == YamlNode::Kind::kNothing) return node.refuse("'{}' has no keys; give some or leave it out", key);
  if (node.kind != YamlNode::Kind::kMap) {
    return node.refuse("'{}' must be a mapping of option names to values, not {}", key, kind_text(node.kind));
  }
  for (const YamlEntry& entry : node.entries) {
    const Result<std::string> text = read_scalar(entry.value, entry.key, "a single value");
    if (!text) return std::unexpected(text.error());
    feature.options.push_back({{entry.key, *node.file, entry.value.line}, {*text, *node.file, entry.value.line}});
  }
  std::sort(feature.options.begin(), feature.options.end(),
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
    {"options", read_options},
};

Result<void> read_format(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  return read_choice(node, key, kFormats, exporter.format);
}

Result<void> read_output_path(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  if (Result<void> done = read_text(node, key, exporter.path); !done) return done;
  if (exporter.path.value.empty()) return node.refuse("'{}' is empty; standard output is '-'", key);
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
    {"format", read_format},
    {"path", read_output_path},
    {"header", [](const YamlNode& node, std::string_view key,
                  ProfileExporter& exporter) { return read_bool(node, key, exporter.header); }},
};

// An entry of a list: a name (or path) alone, or a mapping that has the key `name_key`.
template <class Entry>
Result<void> read_entry(const YamlNode& node, std::string_view list, std::string_view name_key,
                        std::span<const Key<Entry>> keys, Located<std::string> Entry::*name, Entry& entry) {
  if (node.kind == YamlNode::Kind::kScalar) return read_name_or_path(node, list, entry.*name, entry.plugin);
  if (node.kind != YamlNode::Kind::kMap) {
    return node.refuse("an entry of '{}' is a name, or a mapping with '{}', not {}", list, name_key,
                       kind_text(node.kind));
  }
  if (Result<void> done = read_map<Entry>(node, list, keys, entry); !done) return done;
  if ((entry.*name).value.empty()) return node.refuse("an entry of '{}' needs '{}'", list, name_key);
  return {};
}

Result<void> read_features(const YamlNode& node, std::string_view key, Profile& profile) {
  if (Result<void> done = check_list(node, key); !done) return done;
  std::vector<ProfileFeature> features;
  for (const YamlNode& item : node.items) {
    ProfileFeature feature;
    Result<void> done = read_entry<ProfileFeature>(item, key, "name", kFeatureTable, &ProfileFeature::name, feature);
    if (!done) return done;
    for (const ProfileFeature& other : features) {
      if (other.name.value != feature.name.value) continue;
      return item.refuse("feature '{}' is listed twice, first in line {}", feature.name.value, other.name.line);
    }
    features.push_back(std::move(feature));
  }
  profile.features = std::move(features);
  return {};
}

std::string output_identity(const ProfileExporter& exporter) {
  return exporter.path.value == "-" ? "-" : std::filesystem::path(exporter.path.value).lexically_normal().string();
}

Result<void> read_exporters(const YamlNode& node, std::string_view key, Profile& profile) {
  if (Result<void> done = check_list(node, key); !done) return done;
  std::vector<ProfileExporter> exporters;
  for (const YamlNode& item : node.items) {
    ProfileExporter exporter;
    Result<void> done =
        read_entry<ProfileExporter>(item, key, "schema", kExporterTable, &ProfileExporter::schema, exporter);
    if (!done) return done;
    for (const ProfileExporter& other : exporters) {
      if (output_identity(other) != output_identity(exporter)) continue;
      const std::string output =
          exporter.path.value == "-" ? "standard output" : fmt::format("'{}'", printable(exporter.path.value));
      return item.refuse("schema '{}' writes to {}, as schema '{}' in line {} does; give one of them another 'path'",
                         exporter.schema.value, output, other.schema.value, other.schema.line);
    }
    exporters.push_back(std::move(exporter));
  }
  profile.exporters = std::move(exporters);
  return {};
}

// ---------------------------------------------------------------- the whole

Result<void> read_contamination(const YamlNode& node, std::string_view key, Profile& profile) {
  fg_contamination excluded = 0;
  if (node.kind == YamlNode::Kind::kList) {
    for (const YamlNode& item : node.items) {
      fg_contamination one = 0;
      if (Result<void> done = read_choice(item, key, kContaminationClasses, one); !done) return done;
      excluded |= one;
    }
  } else if (Result<void> done = read_choice(node, key, kContaminationLevels, excluded); !done) {
    return done;
  }
  profile.contamination = {excluded, *node.file, node.line};
  return {};
}

Result<void> read_threads(const YamlNode& node, std::string_view key, Profile& profile) {
  if (node.kind == YamlNode::Kind::kScalar && node.text == "auto") {
    profile.threads = 0;
    return {};
  }
  const Result<std::uint64_t> number = read_number(node, key, 1, kMostThreads);
  if (!number) return node.refuse("'{}' must be 'auto' or a whole number from 1 to {}", key, kMostThreads);
  profile.threads = static_cast<std::uint32_t>(*number);
  return {};
}

Result<void> read_description(const YamlNode& node, std::string_view key, Profile& profile) {
  const Result<std::string> text = read_scalar(node, key, "a text");
  if (!text) return std::unexpected(text.error());
  profile.description = *text;
  return {};
}

constexpr Key<Profile> kTopTable[] = {
    {"extends", [](const YamlNode&, std::string_view, Profile&) { return Result<void>(); }},
    {"description", read_description},
    {"flow", [](const YamlNode& node, std::string_view key,
                Profile& profile) { return read_map<ProfileFlow>(node, key, kFlowTable, profile.flow); }},
    {"packets", [](const YamlNode& node, std::string_view key,
                   Profile& profile) { return read_map<ProfilePackets>(node, key, kPacketsTable, profile.packets); }},
    {"features", read_features},
    {"exporters", read_exporters},
    {"contamination", read_contamination},
    {"threads", read_threads},
};

}  // namespace

Result<void> apply_profile(const YamlNode& root, Profile& profile) {
  profile.description.clear();  // says what its own file is for
  return read_map<Profile>(root, "", kTopTable, profile);
}

std::vector<std::string> known_profile_keys() {
  std::vector<std::string> names;
  for (const Key<Profile>& key : kTopTable) {
    names.emplace_back(key.name);
    const auto add = [&](std::string_view infix, const auto& table) {
      for (const auto& inner : table) names.push_back(fmt::format("{}{}{}", key.name, infix, inner.name));
    };
    if (key.name == "flow") add(".", kFlowTable);
    if (key.name == "packets") add(".", kPacketsTable);
    if (key.name == "features") add("[].", kFeatureTable);
    if (key.name == "exporters") add("[].", kExporterTable);
  }
  return names;
}

}  // namespace flowgauge
