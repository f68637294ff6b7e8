#include "core/editor/base_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ranges>
#include <utility>

#include "core/base/text.h"
#include "core/editor/draft.h"
#include "core/profile/explain.h"
#include "core/profile/key_text.h"
#include "core/profile/profile_reader.h"
#include "core/profile/traced_profile.h"
#include "core/profile/yaml_text.h"

namespace flowgauge {
namespace {

// Paths of plugins are meant from the folder of their file; the draft's is another one.
void complete_paths(YamlNode& node, const std::filesystem::path& folder) {
  for (YamlEntry& entry : node.entries) {
    const bool is_file = entry.key == "schema" || entry.key == "module" || entry.key == "name" || entry.key == "format";
    std::string& text = entry.value.text;
    if (is_file && text.find('/') != std::string::npos && !text.starts_with('/'))
      text = std::filesystem::absolute(folder / text).lexically_normal().string();
    complete_paths(entry.value, folder);
  }
  for (YamlNode& item : node.items) complete_paths(item, folder);
}

// "format: csv" is what a table has anyhow; said, it would stand against every other ending of the path.
void leave_out_defaults(YamlNode& tables) {
  for (YamlNode& table : tables.items)
    std::erase_if(table.entries,
                  [](const YamlEntry& entry) { return entry.key == "format" && entry.value.text == "csv"; });
}

YamlNode tables_of(const Profile& profile) {
  for (const std::string& file : profile.files | std::views::reverse) {
    const Result<YamlNode> root = read_yaml(file);
    if (!root) continue;
    for (const YamlEntry& entry : root->entries) {
      if (entry.key != "exporters") continue;
      YamlNode tables = entry.value;
      complete_paths(tables, std::filesystem::path(file).parent_path());
      leave_out_defaults(tables);
      return tables;
    }
  }
  YamlNode none;
  none.kind = YamlNode::Kind::kList;
  return none;
}

}  // namespace

BaseValues::BaseValues(const std::string& extends, const std::string& name) {
  TracedProfile traced;
  if (!extends.empty()) {
    Draft one;
    one.set("extends", text_node(extends));
    if (auto read = parse_traced_profile(one.text(), name, default_profile_folders())) traced = std::move(*read);
  }
  tables_ = tables_of(traced.profile);
  const auto keys = explain(traced);
  if (!keys) return;
  for (const ExplainedKey& key : *keys) values_[key.key] = key.value;
}

std::string BaseValues::of(std::string_view key) const {
  const auto known = values_.find(key);
  if (known != values_.end()) return known->second.empty() ? "none" : known->second;
  const auto text = text_of_key(documented_key(key));
  return text ? replaced(text->fallback, "\"", "") : "none";
}

}  // namespace flowgauge
