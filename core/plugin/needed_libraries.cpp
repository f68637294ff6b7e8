#include "core/plugin/needed_libraries.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/try.h"
#include "core/plugin/library_needs.h"
#include "core/plugin/linker_cache.h"
#include "core/plugin/opened_path.h"

namespace flowgauge {
namespace {

// What plugins have brought into this process, by name. It outlives destructors of static objects.
std::map<std::string, NeededLibrary, std::less<>>& brought_libraries() {
  static auto& libraries = *new std::map<std::string, NeededLibrary, std::less<>>;
  return libraries;
}

bool is_own(const std::string& name) {
  if (brought_libraries().contains(name)) return false;
  void* const library = ::dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (library != nullptr) ::dlclose(library);
  return library != nullptr;
}

std::vector<std::string> folders_of_environment() {
  std::vector<std::string> folders;
  const char* variable = ::secure_getenv("LD_LIBRARY_PATH");
  std::string_view rest = variable != nullptr ? variable : "";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(":;"), rest.size());
    if (rest.starts_with('/')) folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return folders;
}

class Finder {
 public:
  Finder(const std::string& module, TrustRule rule, JudgedLibraries& judged)
      : module_(module), rule_(rule), judged_(judged) {}

  Result<void> add_needs(const LibraryNeeds& needs, std::vector<std::string> rpath) {
    rpath.insert(rpath.begin(), needs.rpath.begin(), needs.rpath.end());
    for (const std::string& name : needs.needed) {
      if (!names_.insert(name).second || is_own(name)) continue;
      if (name.find('/') != std::string::npos)
        return fail(
            ExitCode::kPlugin,
            "{}: needs the library '{}' by a path; give that library a soname (-Wl,-soname) and link to it again",
            module_, name);
      TRY(add(name, needs, rpath));
    }
    return {};
  }

  std::vector<NeededLibrary> found() { return std::move(found_); }

 private:
  Result<void> add(const std::string& name, const LibraryNeeds& needs, const std::vector<std::string>& rpath) {
    std::vector<std::string> folders = rpath;
    const std::vector<std::string> environment = folders_of_environment();
    folders.insert(folders.end(), environment.begin(), environment.end());
    folders.insert(folders.end(), needs.runpath.begin(), needs.runpath.end());
    for (const std::string& folder : folders) {
      std::error_code error;
      const std::string path = fmt::format("{}/{}", folder, name);
      if (std::filesystem::exists(path, error)) return take(name, path, LibraryPlace::kChosen, rpath);
    }
    if (!cache_) cache_ = LinkerCache::of_system();
    if (const auto path = cache_->path_of(name)) return take(name, *path, LibraryPlace::kSystem, rpath);
    return {};
  }

  Result<void> take(const std::string& name, const std::string& path, LibraryPlace place,
                    const std::vector<std::string>& rpath) {
    auto file = open_trusted(path, rule_);
    if (!file) return needs_what_fails(name, file.error());
    const auto library = judged_.judge(*std::move(file), place);
    if (!library) return needs_what_fails(name, library.error());
    const LibraryNeeds& needs = (*library)->needs();
    if (place == LibraryPlace::kChosen && needs.soname != name)
      return fail(ExitCode::kPlugin,
                  "{}: needs {}: {}: calls itself '{}'; give it that soname (-Wl,-soname,{}) and link to it again",
                  module_, name, path, needs.soname, name);
    TRY(add_needs(needs, rpath));
    found_.push_back({name, path, *library});
    return {};
  }

  [[nodiscard]] std::unexpected<Error> needs_what_fails(const std::string& name, const Error& error) const {
    return fail(error.code, "{}: needs {}: {}", module_, name, error.message);
  }

  const std::string& module_;
  const TrustRule rule_;
  JudgedLibraries& judged_;
  std::optional<LinkerCache> cache_;  // once it is asked
  std::set<std::string> names_;
  std::vector<NeededLibrary> found_;
};

Result<void> load_copy(const NeededLibrary& library, const std::string& module_path) {
  const std::string opened = opened_path_of(library);
  if (::dlopen(opened.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr) return {};
  const char* error = ::dlerror();
  std::string reason = error != nullptr ? error : "it did not say why";
  for (std::size_t at = reason.find(opened); at != std::string::npos; at = reason.find(opened, at))
    reason.replace(at, opened.size(), library.path);
  return fail(ExitCode::kPlugin, "{}: needs {}, which cannot be loaded ({}); install or link what it misses",
              module_path, library.name, reason);
}

}  // namespace

Result<std::vector<NeededLibrary>> find_needed_libraries(const ElfImage& module, const std::string& path,
                                                         TrustRule rule, JudgedLibraries& judged) {
  Finder finder(path, rule, judged);
  TRY(finder.add_needs(needs_of(module, origin_folder(path)), {}));
  return finder.found();
}

std::string opened_path_of(const NeededLibrary& library) { return opened_path_of(library.file->copy().get()); }

Result<std::vector<UsedLibrary>> load_needed_libraries(std::vector<NeededLibrary> libraries,
                                                       const std::string& module_path) {
  std::vector<UsedLibrary> used;
  for (NeededLibrary& library : libraries) {
    UsedLibrary& one = used.emplace_back(library.name, library.path, library.file);
    if (!library.is_loaded_first()) continue;
    auto& brought = brought_libraries();
    auto same = brought.find(library.name);
    if (same == brought.end()) {
      TRY(load_copy(library, module_path));
      std::string name = library.name;
      same = brought.emplace(std::move(name), std::move(library)).first;
    } else if (same->second.file != library.file && same->second.file->sha256() != library.file->sha256()) {
      return fail(ExitCode::kPlugin,
                  "{}: needs {} from {}, but another plugin has brought another library of that name ({}); use one of "
                  "the two plugins alone, or give one of the libraries another soname",
                  module_path, library.name, library.path, same->second.path);
    }
    one.opened_path = opened_path_of(same->second);
  }
  return used;
}

}  // namespace flowgauge
