// Where plugins are looked for. Only what a profile or the command line names is ever opened.
// `iat` means the file iat.so in, one after the other: the folders of --plugin-dir, those of
// FLOWGAUGE_PLUGIN_PATH (colon separated; ignored in a set-user-ID program), of a program in /usr/bin the folder in
// /usr/local/lib, the folder beside the program.
// The first file found decides, loadable or not. A value with a '/' is a path. Stateless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/module.h"

namespace flowgauge {

struct SearchPath {
  std::vector<std::string> given;      // in order
  std::vector<std::string> installed;  // after all given ones
};

// From --plugin-dir, the environment and the program's own place (installed and build tree).
[[nodiscard]] SearchPath default_search_path(const std::vector<std::string>& plugin_dirs);

struct FoundModule {
  std::string path;
  Origin origin = Origin::kGiven;
  std::string hides{};  // an installed plugin of the same name, which is another file
};

// Says so, where it hides one.
void warn_of_hidden(const FoundModule& module);

// `kind` is for the message: "feature", "schema", "plugin".
[[nodiscard]] Result<FoundModule> find_module(std::string_view kind, const std::string& value,
                                              const SearchPath& search);

// Every NAME.so that find_module would find by name, in order of names; shadowed ones are left out.
[[nodiscard]] std::vector<FoundModule> list_modules(const SearchPath& search);

}  // namespace flowgauge
