// A mapping of a profile is read by a table: one row for each key it may have. Stateless.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
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

// Reads the value of one key of `section`, which is "" for the whole.
template <class Target>
Result<void> read_key(const YamlNode& value, std::string_view key, std::string_view section,
                      std::span<const Key<Target>> keys, Target& target) {
  const auto known = std::ranges::find(keys, key, &Key<Target>::name);
  if (known == keys.end()) return refuse_unknown_key(value, key, section, key_names(keys));
  return known->read(value, known->name, target);
}

// Reads the entries in the order of the file.
template <class Target>
Result<void> read_map(const YamlNode& node, std::string_view section, std::span<const Key<Target>> keys,
                      Target& target) {
  if (node.kind == YamlNode::Kind::kNothing) return node.refuse("'{}' has no keys; give some or leave it out", section);
  if (node.kind != YamlNode::Kind::kMap) {
    return node.refuse("'{}' must be a mapping of keys, not {}", section, kind_text(node.kind));
  }
  for (const YamlEntry& entry : node.entries) {
    if (Result<void> done = read_key(entry.value, entry.key, section, keys, target); !done) return done;
  }
  return {};
}

}  // namespace flowgauge
