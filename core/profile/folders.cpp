#include "core/profile/folders.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "core/base/program_file.h"
#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

bool is_path(std::string_view text) {
  return text.starts_with('/') || text.starts_with("./") || text.starts_with("../") || text.ends_with(".yaml") ||
         text.ends_with(".yml");
}

// What is there but cannot be looked at is there: reading it will say why.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::status(path, ignored).type() != fs::file_type::not_found;
}

// "a/../b" as a name would leave the folder it is looked up in.
bool has_dot_dot(std::string_view name) { return fmt::format("/{}/", name).find("/../") != std::string::npos; }

std::unexpected<Error> not_found(std::string_view path, std::string_view reason) {
  return fail(ExitCode::kUsage, "profile '{}' not found{}", printable(path), reason);
}

}  // namespace

std::vector<std::string> default_profile_folders() {
  std::vector<std::string> folders;
  const fs::path program = program_file();
  if (!program.empty()) {
    folders.push_back((program.parent_path() / "../share/flowgauge/configs").lexically_normal().string());
  }
  const std::string configured = FLOWGAUGE_PROFILE_FOLDER;
  if (folders.empty() || folders.front() != configured) folders.push_back(configured);
  return folders;
}

std::vector<std::string> available_profiles(std::span<const std::string> folders) {
  std::vector<std::string> names;
  for (const std::string& folder : folders) {
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (entry->path().extension() != ".yaml") continue;
      names.push_back(entry->path().lexically_relative(folder).replace_extension().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<std::string> find_profile(std::string_view name_or_path, const std::string& from_folder,
                                 std::span<const std::string> folders) {
  if (is_path(name_or_path)) {
    const fs::path path = fs::path(from_folder) / name_or_path;
    std::string text = from_folder.empty() ? std::string(name_or_path) : path.lexically_normal().string();
    if (!is_there(path)) return not_found(text, "; check its path");
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
      return fail(ExitCode::kUsage, "'{}' is a folder, not a profile", printable(text));
    }
    return text;
  }
  for (const std::string& folder : folders) {
    const fs::path path = fs::path(folder) / (std::string(name_or_path) + ".yaml");
    if (!has_dot_dot(name_or_path) && is_there(path)) return path.string();
  }
  const std::vector<std::string> names = available_profiles(folders);
  const std::string hint = did_you_mean(name_or_path, names);
  if (!hint.empty()) return not_found(name_or_path, hint);
  // The most likely mistake otherwise: a file meant, but written as a name.
  if (is_there(fs::path(from_folder) / name_or_path)) {
    return not_found(name_or_path, fmt::format("; the file of that name is './{}'", printable(name_or_path)));
  }
  return not_found(name_or_path,
                   fmt::format(" in {}; a file is given as a path that ends in .yaml", join(folders, " or ")));
}

}  // namespace flowgauge
