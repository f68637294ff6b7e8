// Follows `extends` from a profile to its most basic one and applies them in the other order.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/base/text.h"
#include "core/profile/folders.h"
#include "core/profile/keys.h"
#include "core/profile/profile_reader.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {
namespace {

// One file however it is spelled.
std::string identity_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::path canonical = std::filesystem::canonical(path, error);
  return error ? path : canonical.string();
}

const YamlNode* find_extends(const YamlNode& root) {
  for (const YamlEntry& entry : root.entries) {
    if (entry.key == "extends") return &entry.value;
  }
  return nullptr;
}

// The file that `extends` names.
Result<std::string> find_base(const YamlNode& extends, std::span<const std::string> folders) {
  if (extends.kind != YamlNode::Kind::kScalar) {
    return extends.refuse("'extends' must be the name or path of one profile");
  }
  std::string folder = std::filesystem::path(*extends.file).parent_path().string();
  const Result<std::string> path = find_profile(extends.text, folder, folders);
  if (!path) return extends.refuse("'extends': {}", path.error().message);
  return *path;
}

}  // namespace

Result<Profile> load_profile(std::string_view name_or_path, std::span<const std::string> folders) {
  Result<std::string> path = find_profile(name_or_path, "", folders);
  if (!path) return std::unexpected(path.error());

  std::vector<YamlNode> trees;  // the asked one first, the most basic last
  std::vector<std::string> identities;
  for (;;) {
    Result<YamlNode> tree = read_yaml(*path);
    if (!tree) return std::unexpected(tree.error());
    trees.push_back(std::move(*tree));
    identities.push_back(identity_of(*path));
    const YamlNode* extends = find_extends(trees.back());
    if (extends == nullptr) break;
    path = find_base(*extends, folders);
    if (!path) return std::unexpected(path.error());
    if (std::find(identities.begin(), identities.end(), identity_of(*path)) != identities.end()) {
      std::string circle;
      for (const YamlNode& seen : trees) circle += *seen.file + " -> ";
      return extends->refuse("'extends' goes in a circle: {}{}", circle, *path);
    }
    if (trees.size() == kLongestExtendsChain) {
      return extends->refuse("more than {} profiles extend each other here", kLongestExtendsChain);
    }
  }

  Profile profile;
  for (auto tree = trees.rbegin(); tree != trees.rend(); ++tree) {
    if (Result<void> done = apply_profile(*tree, profile); !done) return std::unexpected(done.error());
    profile.files.push_back(*tree->file);
  }
  return profile;
}

Result<Profile> load_profile(std::string_view name_or_path) {
  return load_profile(name_or_path, default_profile_folders());
}

std::vector<std::string> profile_keys() { return known_profile_keys(); }

}  // namespace flowgauge
