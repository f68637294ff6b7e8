// A mapping of a profile is read by a table: one row for each key it may have. Stateless.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/suggest.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {

// How the key `name` of a mapping is read into the mapping's Target.
template <class Target>
struct Key {
  std::string_view name;
  Result<void> (*read)(const YamlNode& node, std::string_view key, Target& target);
};

// "unknown key 'idle_timout' in 'flow'; did you mean 'idle_timeout'?": or where it belongs, or what there is.
[[nodiscard]] std::unexpected<Error> refuse_unknown_key(const YamlNode& node, std::string_view key,
                                                        std::string_view section, std::span<const std::string> names);

template <class Target>
std::vector<std::string> key_names(std::span<const Key<Target>> keys) {
  std::vector<std::string> names;
  for (const Key<Target>& key : keys) names.emplace_back(key.name);
  return names;
}

// Reads one key's value; messages call the key `shown`.
template <class Target>
Result<void> read_one(const YamlNode& node, std::span<const Key<Target>> keys, std::string_view name,
                      std::string_view shown, Target& target) {
  const auto known = std::ranges::find(keys, name, &Key<Target>::name);
  if (known == keys.end()) return node.refuse("there is no key '{}'{}", name, did_you_mean(name, key_names(keys)));
  return known->read(node, shown, target);
}

// Reads the entries in the order of the file; `section` is "" for the whole.
template <class Target>
Result<void> read_map(const YamlNode& node, std::string_view section, std::span<const Key<Target>> keys,
                      Target& target) {
  if (node.kind == YamlNode::Kind::kNothing) return node.refuse("'{}' has no keys; give some or leave it out", section);
  if (node.kind != YamlNode::Kind::kMap) {
    return node.refuse("'{}' must be a mapping of keys, not {}", section, kind_text(node.kind));
  }
  for (const YamlEntry& entry : node.entries) {
    const auto known = std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.name == entry.key; });
    if (known == keys.end()) return refuse_unknown_key(entry.value, entry.key, section, key_names(keys));
    if (Result<void> done = known->read(entry.value, known->name, target); !done) return done;
  }
  return {};
}

}  // namespace flowgauge
