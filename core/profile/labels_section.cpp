#include <filesystem>

#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

// A relative path is meant from the folder of the profile, so that both move together.
Result<void> read_file(const YamlNode& node, std::string_view key, ProfileLabels& labels) {
  if (Result<void> done = read_text(node, key, labels.file); !done) return done;
  if (labels.file.value.empty()) return node.refuse("'{}' is empty; name a file of label rules", key);
  if (node.line == 0) return {};  // of the command line: meant from the current folder
  labels.file.value = (std::filesystem::path(*node.file).parent_path() / labels.file.value).lexically_normal().string();
  return {};
}

constexpr Key<ProfileLabels> kLabelsTable[] = {
    {"file", read_file},
    {"time_zone", [](const YamlNode& node, std::string_view key,
                     ProfileLabels& labels) { return read_text(node, key, labels.time_zone); }},
};

}  // namespace

Result<void> read_labels(const YamlNode& node, std::string_view key, Profile& profile) {
  ProfileLabels labels;
  if (node.kind == YamlNode::Kind::kScalar) {
    if (node.text != "none") {
      if (Result<void> done = read_file(node, key, labels); !done) return done;
    }
  } else {
    if (Result<void> done = read_map<ProfileLabels>(node, key, kLabelsTable, labels); !done) return done;
    if (labels.file.value.empty()) return node.refuse("'{}' needs 'file', the label rules", key);
  }
  profile.labels = std::move(labels);
  return {};
}

Result<void> read_labels_key(const YamlNode& value, std::string_view key, Profile& profile) {
  return read_key<ProfileLabels>(value, key, "labels", kLabelsTable, profile.labels);
}

std::vector<std::string> labels_keys() { return key_names<ProfileLabels>(kLabelsTable); }

}  // namespace flowgauge
