// Follows `extends` from a profile to its most basic one and applies them in the other order.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/profile/folders.h"
#include "core/profile/keys.h"
#include "core/profile/profile_reader.h"
#include "core/profile/traced_profile.h"
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

// The trees of `trees.front()`, which was asked for, and of all that it extends; the most basic last.
Result<void> add_bases(std::vector<YamlNode>& trees, std::span<const std::string> folders) {
  std::vector<std::string> identities;
  for (;;) {
    identities.push_back(identity_of(*trees.back().file));
    const YamlNode* extends = find_extends(trees.back());
    if (extends == nullptr) return {};
    const std::string path = TRY(find_base(*extends, folders));
    if (std::find(identities.begin(), identities.end(), identity_of(path)) != identities.end()) {
      std::string circle;
      for (const YamlNode& seen : trees) circle += *seen.file + " -> ";
      return extends->refuse("'extends' goes in a circle: {}{}", circle, path);
    }
    if (trees.size() == kLongestExtendsChain) {
      return extends->refuse("more than {} profiles extend each other here", kLongestExtendsChain);
    }
    trees.push_back(TRY(read_yaml(path)));
  }
}

enum class ReadFrom { kFile, kText };

Result<TracedProfile> traced_profile_of(YamlNode tree, ReadFrom from, std::span<const std::string> folders) {
  std::vector<YamlNode> trees;
  trees.push_back(std::move(tree));
  if (const Result<void> done = add_bases(trees, folders); !done) return std::unexpected(done.error());
  TracedProfile traced;
  for (auto one = trees.rbegin(); one != trees.rend(); ++one) {
    if (const Result<void> done = apply_profile(*one, traced.profile); !done) return std::unexpected(done.error());
    traced.origins.note_file(*one);
    if (from == ReadFrom::kFile || std::next(one) != trees.rend()) traced.profile.files.push_back(*one->file);
  }
  return traced;
}

Result<TracedProfile> read_traced_profile(std::string_view name_or_path, std::span<const std::string> folders) {
  const std::string path = TRY(find_profile(name_or_path, "", folders));
  YamlNode tree = TRY(read_yaml(path));
  return traced_profile_of(std::move(tree), ReadFrom::kFile, folders);
}

}  // namespace

Result<Profile> load_profile(std::string_view name_or_path, std::span<const std::string> folders) {
  TracedProfile traced = TRY(read_traced_profile(name_or_path, folders));
  return std::move(traced.profile);
}

Result<TracedProfile> load_traced_profile(std::string_view name_or_path) {
  return read_traced_profile(name_or_path, default_profile_folders());
}

Result<TracedProfile> parse_traced_profile(std::string text, const std::string& name,
                                           std::span<const std::string> folders) {
  if (text.size() > kLargestProfileBytes)
    return fail(ExitCode::kUsage, "{}: larger than {}; this is no profile", name, human_bytes(kLargestProfileBytes));
  YamlNode tree = TRY(parse_profile_yaml(std::move(text), name));
  return traced_profile_of(std::move(tree), ReadFrom::kText, folders);
}

Result<Profile> parse_profile(std::string text, const std::string& name, std::span<const std::string> folders) {
  TracedProfile traced = TRY(parse_traced_profile(std::move(text), name, folders));
  return std::move(traced.profile);
}

Result<Profile> parse_profile(std::string text, const std::string& name) {
  return parse_profile(std::move(text), name, default_profile_folders());
}

Result<Profile> load_profile(std::string_view name_or_path) {
  return load_profile(name_or_path, default_profile_folders());
}

std::vector<std::string> profile_keys() { return known_profile_keys(); }

}  // namespace flowgauge
