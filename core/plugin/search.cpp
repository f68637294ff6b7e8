#include "core/plugin/search.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>

#include "core/base/log.h"
#include "core/base/plugin_name.h"
#include "core/base/program_file.h"
#include "core/base/same_file.h"
#include "core/base/suggest.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::string_view kSuffix = ".so";

// Anything at all under that name decides, also what cannot be loaded or looked at: never silently the next one.
bool is_there(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

std::vector<FoundModule> folders_of(const SearchPath& search) {
  std::vector<FoundModule> folders;
  folders.reserve(search.given.size() + search.installed.size());
  for (const std::string& folder : search.given) folders.push_back({folder, Origin::kGiven});
  for (const std::string& folder : search.installed) folders.push_back({folder, Origin::kInstalled});
  return folders;
}

std::string hidden_by(const FoundModule& found, const std::string& file_name, const SearchPath& search) {
  if (found.origin == Origin::kInstalled) return {};
  for (const std::string& folder : search.installed) {
    std::string path = fmt::format("{}/{}", folder, file_name);
    if (is_there(path)) return is_same_file(path, found.path) ? std::string() : path;
  }
  return {};
}

std::string places(const SearchPath& search) {
  std::vector<std::string> all = search.given;
  all.insert(all.end(), search.installed.begin(), search.installed.end());
  return all.empty() ? "any folder, since none is set" : join(all);
}

}  // namespace

SearchPath default_search_path(const std::vector<std::string>& plugin_dirs) {
  SearchPath search{plugin_dirs, {}};
  // secure_getenv: a set-user-ID program must not load what its caller's environment names.
  if (const char* variable = ::secure_getenv("FLOWGAUGE_PLUGIN_PATH")) {
    std::string_view rest = variable;
    while (!rest.empty()) {
      const std::size_t colon = std::min(rest.find(':'), rest.size());
      if (colon > 0) search.given.emplace_back(rest.substr(0, colon));
      rest.remove_prefix(std::min(colon + 1, rest.size()));
    }
  }
  std::error_code error;
  const std::filesystem::path program = program_file();
  if (program.empty()) return search;
  const auto add = [&](std::vector<std::string>& folders, const char* relative) {
    const std::string folder = (program.parent_path() / relative).lexically_normal().string();
    const bool is_new = std::find(folders.begin(), folders.end(), folder) == folders.end();
    if (is_new && std::filesystem::is_directory(folder, error)) folders.push_back(folder);
  };
  add(search.given, FLOWGAUGE_LOCAL_PLUGIN_DIR_FROM_PROGRAM);
  for (const char* relative : {FLOWGAUGE_PLUGIN_DIR_FROM_PROGRAM, "../lib/flowgauge/plugins"})
    add(search.installed, relative);
  return search;
}

void warn_of_hidden(const FoundModule& module) {
  if (!module.hides.empty())
    log_warning("{}: hides the installed plugin {}; name that one by its path, or rename this file", module.path,
                module.hides);
}

Result<FoundModule> find_module(std::string_view kind, const std::string& value, const SearchPath& search) {
  if (value.find('/') != std::string::npos) return FoundModule{value, Origin::kGiven};
  if (!is_plugin_name(value))
    return fail(ExitCode::kPlugin,
                "{} '{}' is not a plugin's name; give a name of a-z, 0-9 and _ without '.so', or a path with a '/'",
                kind, value);
  for (const FoundModule& folder : folders_of(search)) {
    std::string path = folder.path + "/" + value + std::string(kSuffix);
    if (!is_there(path)) continue;
    FoundModule found{std::move(path), folder.origin};
    found.hides = hidden_by(found, value + std::string(kSuffix), search);
    return found;
  }
  std::vector<std::string> names;
  for (const FoundModule& module : list_modules(search))
    names.push_back(std::filesystem::path(module.path).stem().string());
  std::string hint = did_you_mean(value, names);
  if (hint.empty()) hint = fmt::format("; put {}.so into one of them, or name its folder with --plugin-dir", value);
  return fail(ExitCode::kPlugin, "{} '{}' not found in {}{}", kind, value, places(search), hint);
}

std::vector<FoundModule> list_modules(const SearchPath& search) {
  std::map<std::string, FoundModule> by_name;
  for (const FoundModule& folder : folders_of(search)) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder.path, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::filesystem::path& path = entry->path();
      const std::string name = path.stem().string();
      if (path.extension() == kSuffix && is_plugin_name(name))
        by_name.try_emplace(name, FoundModule{folder.path + "/" + path.filename().string(), folder.origin});
    }
  }
  std::vector<FoundModule> modules;
  modules.reserve(by_name.size());
  for (auto& [name, module] : by_name) {
    module.hides = hidden_by(module, name + std::string(kSuffix), search);
    modules.push_back(std::move(module));
  }
  return modules;
}

}  // namespace flowgauge
