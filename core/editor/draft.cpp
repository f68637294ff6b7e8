#include "core/editor/draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "core/base/try.h"
#include "core/profile/profile_reader.h"
#include "core/profile/yaml_text.h"

namespace flowgauge {
namespace {

using NodeKind = YamlNode::Kind;

// A part of a key: a name, or a number in brackets.
struct Step {
  std::string_view name;
  std::size_t index = 0;  // where there is no name
};

std::vector<Step> steps_of(std::string_view key) {
  std::vector<Step> steps;
  while (!key.empty()) {
    if (key.front() == '[') {
      const std::size_t end = std::min(key.find(']'), key.size() - 1);
      Step step;
      std::from_chars(key.data() + 1, key.data() + end, step.index);
      steps.push_back(step);
      key.remove_prefix(end + 1);
    } else {
      const std::size_t end = std::min(key.find_first_of(".["), key.size());
      steps.push_back({key.substr(0, end)});
      key.remove_prefix(end);
    }
    if (key.starts_with('.')) key.remove_prefix(1);
  }
  return steps;
}

// The place of a key in profile_keys(); those that are unknown come last.
std::size_t rank_of(const std::string& documented) {
  static const std::vector<std::string> kKeys = profile_keys();
  return static_cast<std::size_t>(std::ranges::find(kKeys, documented) - kKeys.begin());
}

YamlNode* entry_of(YamlNode& map, std::string_view name) {
  const auto entry = std::ranges::find(map.entries, name, &YamlEntry::key);
  return entry == map.entries.end() ? nullptr : &entry->value;
}

// Where profiles have it, seen from the keys that stand beside it.
YamlNode& add_entry(YamlNode& map, std::string_view name, const std::string& documented_above) {
  const auto rank = [&](std::string_view key) { return rank_of(fmt::format("{}{}", documented_above, key)); };
  const std::size_t own = rank(name);
  const auto before = std::ranges::find_if(map.entries, [&](const YamlEntry& entry) { return rank(entry.key) > own; });
  return map.entries.insert(before, {std::string(name), {}})->value;
}

void become(YamlNode& node, NodeKind kind) {
  if (node.kind == kind) return;
  YamlNode other;
  other.kind = kind;
  // "exporters: [basic]" and "labels: rules.csv" are short for a mapping.
  node = std::move(other);
}

void expand_short_form(YamlNode& node, std::string_view documented) {
  if (node.kind != NodeKind::kScalar) return;
  const std::string_view name = documented == "exporters[]."          ? "schema"
                                : documented == "features[]."         ? "name"
                                : documented == "exporters[].format." ? "name"
                                : documented == "labels."             ? "file"
                                                                      : "";
  if (name.empty() || node.text == "none") return;
  YamlNode map;
  map.kind = NodeKind::kMap;
  map.entries.push_back({std::string(name), std::move(node)});
  node = std::move(map);
}

// Whether something is left.
bool erase_from(YamlNode& node, std::span<const Step> steps) {
  const Step& step = steps.front();
  if (!step.name.empty()) {
    YamlNode* below = entry_of(node, step.name);
    if (below == nullptr) return true;
    if (steps.size() == 1 || !erase_from(*below, steps.subspan(1)))
      std::erase_if(node.entries, [&](const YamlEntry& entry) { return entry.key == step.name; });
    return !node.entries.empty();
  }
  if (step.index >= node.items.size()) return true;
  if (steps.size() == 1 || !erase_from(node.items[step.index], steps.subspan(1)))
    node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(step.index));
  return !node.items.empty();
}

// Those below `node`, whose own key is `key`: of a line that has several the last is the longest.
void add_keys(const YamlNode& node, const std::string& key, std::map<int, std::string>& keys) {
  for (const YamlEntry& entry : node.entries) {
    const std::string below = key.empty() ? entry.key : fmt::format("{}.{}", key, entry.key);
    keys[entry.value.line] = below;
    add_keys(entry.value, below, keys);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    // Entries on the line of their list are looked at as one.
    if (node.items[i].line == node.line) continue;
    const std::string below = fmt::format("{}[{}]", key, i);
    keys[node.items[i].line] = below;
    add_keys(node.items[i], below, keys);
  }
}

}  // namespace

Result<Draft> Draft::read(const std::string& text, const std::string& name) {
  Draft draft;
  draft.root_ = TRY(parse_profile_yaml(text, name));
  return draft;
}

const YamlNode* Draft::find(std::string_view key) const {
  const YamlNode* node = &root_;
  for (const Step& step : steps_of(key)) {
    if (!step.name.empty()) {
      const auto entry = std::ranges::find(node->entries, step.name, &YamlEntry::key);
      if (entry == node->entries.end()) return nullptr;
      node = &entry->value;
    } else {
      if (step.index >= node->items.size()) return nullptr;
      node = &node->items[step.index];
    }
  }
  return node;
}

void Draft::set(std::string_view key, YamlNode value) {
  YamlNode* node = &root_;
  std::string documented;
  for (const Step& step : steps_of(key)) {
    expand_short_form(*node, documented);
    become(*node, step.name.empty() ? NodeKind::kList : NodeKind::kMap);
    if (step.name.empty()) {
      if (node->items.size() <= step.index) node->items.resize(step.index + 1);
      node = &node->items[step.index];
      if (documented.ends_with('.')) documented.pop_back();
      documented += "[].";
    } else {
      YamlNode* below = entry_of(*node, step.name);
      node = below != nullptr ? below : &add_entry(*node, step.name, documented);
      documented += fmt::format("{}.", step.name);
    }
  }
  *node = std::move(value);
}

void Draft::erase(std::string_view key) { erase_from(root_, steps_of(key)); }

std::string Draft::text() const { return fmt::format("{}\n{}", kMadeWith, yaml_text(root_)); }

bool Draft::operator==(const Draft& other) const { return is_same(root_, other.root_); }

YamlNode text_node(std::string text) {
  YamlNode node;
  node.kind = NodeKind::kScalar;
  node.text = std::move(text);
  return node;
}

YamlNode list_node(const std::vector<std::string>& items) {
  YamlNode node;
  node.kind = NodeKind::kList;
  for (const std::string& item : items) node.items.push_back(text_node(item));
  return node;
}

std::map<int, std::string> keys_by_line(const YamlNode& parsed) {
  std::map<int, std::string> keys;
  add_keys(parsed, "", keys);
  return keys;
}

bool has_comments(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line == kMadeWith) continue;
    // One in quotes counts too: asked once too often is better than a comment lost.
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1))
      if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return true;
  }
  return false;
}

std::string documented_key(std::string_view key) {
  std::string name;
  bool is_index = false;
  for (const char letter : key) {
    is_index = letter == '[' || (is_index && letter != ']');
    if (letter == '[' || !is_index) name += letter;
  }
  return name;
}

}  // namespace flowgauge
