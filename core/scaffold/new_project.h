// Writes the project of a new plugin: `flowgauge plugin new`. The files are those in core/scaffold/templates, with the
// names put in. Stateless; writes nothing outside of the project's folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

enum class PluginKind { kFeature, kSchema, kDerived, kSink };
enum class PluginLanguage { kCpp, kC, kRust };

struct NewProject {
  std::string name;
  PluginKind kind = PluginKind::kFeature;
  PluginLanguage language = PluginLanguage::kCpp;
  std::string licence = "Apache-2.0";  // an SPDX expression
  std::string folder;

  bool operator==(const NewProject&) const = default;
};

// Those whose text comes with the project; of others it is the author's to put in.
inline constexpr std::string_view kLicenceNames = "Apache-2.0, MIT, BSD-3-Clause";

// Whether a plugin can be called that; the error (kUsage) says why not.
[[nodiscard]] Result<void> check_plugin_name(std::string_view name);

// The paths written, below the folder. The folder may exist, if it is empty. Errors: kUsage for a name, a licence or a
// folder that will not do, kOutput for what cannot be written; then nothing is left behind.
[[nodiscard]] Result<std::vector<std::string>> write_project(const NewProject& project);

}  // namespace flowgauge
