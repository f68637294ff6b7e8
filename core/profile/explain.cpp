#include "core/profile/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/profile/canonical.h"
#include "core/profile/key_text.h"
#include "core/profile/keys.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

using Leaf = std::pair<std::string, std::string>;  // key, value

bool is_leaf(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::kMap) return false;
  return std::ranges::none_of(node.items, [](const YamlNode& item) { return item.kind == YamlNode::Kind::kMap; });
}

std::string leaf_text(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::kList) return node.text;
  std::vector<std::string> items;
  for (const YamlNode& item : node.items) items.push_back(item.text);
  return fmt::format("[{}]", join(items));
}

void add_leaves(const std::string& key, const YamlNode& node, std::vector<Leaf>& leaves) {
  if (is_leaf(node)) {
    leaves.emplace_back(key, leaf_text(node));
    return;
  }
  for (const YamlEntry& entry : node.entries) add_leaves(fmt::format("{}.{}", key, entry.key), entry.value, leaves);
  for (std::size_t i = 0; i < node.items.size(); ++i) add_leaves(fmt::format("{}[{}]", key, i), node.items[i], leaves);
}

// "exporters[0].options.gaps" -> "exporters[].options"
std::string documented_name(std::string_view key) {
  std::string name;
  bool is_index = false;
  for (const char letter : key) {
    is_index = letter == '[' || (is_index && letter != ']');
    if (letter == '[' || !is_index) name += letter;
  }
  const std::size_t options = name.find(".options.");
  return options == std::string::npos ? name : name.substr(0, options + std::string_view(".options").size());
}

bool is_below(std::string_view key, std::string_view section) {
  return key.size() > section.size() && key.starts_with(section) &&
         (key[section.size()] == '.' || key[section.size()] == '[');
}

ExplainedKey explained(const std::string& key, std::optional<std::string> value, const KeyOrigins& origins) {
  const KeyText text = text_of_key(documented_name(key)).value_or(KeyText{});
  return {key, value ? *std::move(value) : text.fallback, origins.of(key), text.type, text.meaning};
}

}  // namespace

Result<std::vector<ExplainedKey>> explain(const TracedProfile& traced) {
  const YamlNode root = TRY(parse_profile_yaml(describe(traced.profile), "profile"));
  const KeyOrigins& origins = traced.origins;
  std::vector<Leaf> leaves;
  for (const YamlEntry& entry : root.entries) add_leaves(entry.key, entry.value, leaves);
  const std::vector<std::string> known = known_profile_keys();
  std::vector<ExplainedKey> all;
  for (const std::string& key : known) {
    if (key == "extends" || key.find("[]") != std::string::npos) continue;
    const bool is_list = std::ranges::find(known, key + "[].options") != known.end();
    const bool is_section = std::ranges::any_of(known, [&](const std::string& one) { return is_below(one, key); });
    if (is_section && !is_list) continue;
    const std::size_t before = all.size();
    for (const auto& [name, value] : leaves)
      if (name == key || (is_list && is_below(name, key))) all.push_back(explained(name, value, origins));
    if (all.size() == before) all.push_back(explained(key, std::nullopt, origins));
  }
  for (std::size_t i = 0; i < traced.profile.exporters.size(); ++i) {
    const Located<std::string>& format = traced.profile.exporters[i].format.name;
    const std::string key = fmt::format("exporters[{}].format", i);
    for (ExplainedKey& one : all)  // one that follows from the path's end was set where the path was
      if (one.key == key && !one.origin && !format.file.empty()) one.origin = {format.file, format.line};
  }
  return all;
}

Result<std::vector<ExplainedKey>> keys_named(const std::vector<ExplainedKey>& all, std::string_view name) {
  std::vector<ExplainedKey> named;
  for (const ExplainedKey& one : all) {
    const std::string documented = documented_name(one.key);
    if (one.key == name || documented == name || is_below(one.key, name) || is_below(documented, name))
      named.push_back(one);
  }
  if (!named.empty()) return named;
  const std::vector<std::string> known = known_profile_keys();
  const std::string documented = documented_name(name);
  if (std::ranges::find(known, documented) == known.end())
    return fail(ExitCode::kUsage, "'{}' is no key of a profile{}", printable(name), did_you_mean(name, known));
  return std::vector<ExplainedKey>{explained(std::string(name), std::nullopt, {})};
}

}  // namespace flowgauge
