#include "core/profile/keys.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "core/base/shown_text.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

Result<void> read_contamination(const YamlNode& node, std::string_view key, Profile& profile) {
  fg_contamination excluded = 0;
  if (node.kind == YamlNode::Kind::kList) {
    for (const YamlNode& item : node.items) {
      fg_contamination one = 0;
      if (Result<void> done = read_choice(item, key, kContaminations, one); !done) return done;
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
  profile.description = TRY(read_scalar(node, key, "a text"));
  return {};
}

// RFC 7012 leaves the length open; a name is what people read.
constexpr std::size_t kLongestSensorBytes = 255;

Result<void> read_sensor(const YamlNode& node, std::string_view key, Profile& profile) {
  const std::string name = TRY(read_scalar(node, key, "a name, or '' for none"));
  if (shown_text(name) != name)
    return node.refuse("'{}' is a name in UTF-8 without control characters; '{}' is none", key, printable(name));
  if (name.size() > kLongestSensorBytes)
    return node.refuse("'{}' has at most {} bytes, and this name has {}", key, kLongestSensorBytes, name.size());
  profile.sensor = {name, *node.file, node.line};
  return {};
}

constexpr Key<Profile> kTopTable[] = {
    {"extends", [](const YamlNode&, std::string_view, Profile&) { return Result<void>(); }},
    {"description", read_description},
    {"sensor", read_sensor},
    {"flow", read_flow},
    {"packets", read_packets},
    {"features", read_features},
    {"exporters", read_exporters},
    {"output", read_output},
    {"labels", read_labels},
    {"live", read_live},
    {"monitor", read_monitor},
    {"trial", read_trial},
    {"contamination", read_contamination},
    {"threads", read_threads},
};

// Mappings whose keys can be set one by one.
struct Section {
  std::string_view name;
  Result<void> (*read_key)(const YamlNode& value, std::string_view key, Profile& profile);
  std::vector<std::string> (*keys)();
};
constexpr Section kSections[] = {
    {"flow", read_flow_key, flow_keys},       {"packets", read_packets_key, packets_keys},
    {"output", read_output_key, output_keys}, {"labels", read_labels_key, labels_keys},
    {"live", read_live_key, live_keys},       {"monitor", read_monitor_key, monitor_keys},
    {"trial", read_trial_key, trial_keys},
};

const Section* find_section(std::string_view name) {
  const auto* const found = std::ranges::find(kSections, name, &Section::name);
  return found == std::end(kSections) ? nullptr : found;
}

}  // namespace

std::unexpected<Error> refuse_unknown_key(const YamlNode& node, std::string_view key, std::string_view section,
                                          std::span<const std::string> names) {
  const std::string in = section.empty() ? std::string() : fmt::format(" in '{}'", section);
  std::string hint = did_you_mean(key, names);
  for (const std::string& known : known_profile_keys()) {
    const std::size_t dot = known.rfind('.');
    if (!hint.empty() || dot == std::string::npos || known.substr(dot + 1) != key) continue;
    hint = fmt::format("; it belongs under '{}'", known.substr(0, known.find_first_of(".[")));
  }
  if (hint.empty() && std::ranges::find(kTopTable, key, &Key<Profile>::name) != std::end(kTopTable))
    hint = "; it belongs at the top of the profile";
  if (hint.empty()) hint = fmt::format("; the keys are: {}", join(names));
  return node.refuse("unknown key '{}'{}{}", printable(key), in, hint);
}

Result<void> apply_profile(const YamlNode& root, Profile& profile) {
  profile.description.clear();  // says what its own file is for
  return read_map<Profile>(root, "", kTopTable, profile);
}

Result<void> set_profile_key(std::string_view key, const YamlNode& value, Profile& profile) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) {
    if (key == "extends") return value.refuse("'extends' is a key of files; a profile is named with -p");
    return read_key<Profile>(value, key, "", kTopTable, profile);
  }
  const std::string_view name = key.substr(0, dot);
  if (const Section* section = find_section(name)) return section->read_key(value, key.substr(dot + 1), profile);
  if (std::ranges::find(kTopTable, name, &Key<Profile>::name) != std::end(kTopTable))
    return value.refuse("'{}' has no keys that can be set one by one; set it as a whole", name);
  return value.refuse("unknown key '{}'{}", printable(key), did_you_mean(key, known_profile_keys()));
}

std::vector<std::string> known_profile_keys() {
  std::vector<std::string> names;
  const auto add = [&](std::string_view prefix, const std::vector<std::string>& keys) {
    for (const std::string& key : keys) names.push_back(fmt::format("{}{}", prefix, key));
  };
  for (const std::string& key : key_names<Profile>(kTopTable)) {
    names.push_back(key);
    if (const Section* section = find_section(key)) add(key + ".", section->keys());
    if (key == "features") add("features[].", feature_keys());
    if (key != "exporters") continue;
    for (const std::string& below : exporter_keys()) {
      names.push_back("exporters[]." + below);
      if (below == "columns") add("exporters[].columns[].", column_keys());
      if (below == "rotate") add("exporters[].rotate.", rotate_keys());
      if (below == "keep") add("exporters[].keep.", keep_keys());
      if (below == "format") add("exporters[].format.", format_keys());
    }
  }
  return names;
}

}  // namespace flowgauge
