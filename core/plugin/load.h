// From a file to a Module: opened once, trusted, hashed, peeked at, loaded, judged - in this order, and each
// refusal is a sentence "PATH: what is wrong; what to do". Modules stay loaded for the life of the process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/module.h"
#include "core/plugin/search.h"
#include "core/plugin/trust.h"

namespace flowgauge {

struct LoadRequest {
  std::string path;
  Origin origin = Origin::kGiven;
  TrustRule trust = TrustRule::kOwnedFiles;
  std::optional<std::string> sha256;  // from the profile: the file must have it
};

// The modules of the process. Set-up only: one thread. A file that is asked for twice, by whatever names, is
// one module.
class ModuleStore {
 public:
  ModuleStore() = default;
  ModuleStore(const ModuleStore&) = delete;
  ModuleStore& operator=(const ModuleStore&) = delete;

  [[nodiscard]] Result<const Module*> load(const LoadRequest& request);
  // find_module, then load.
  [[nodiscard]] Result<const Module*> load(std::string_view kind, const std::string& value, const SearchPath& search,
                                           TrustRule trust = TrustRule::kOwnedFiles,
                                           std::optional<std::string> sha256 = std::nullopt);

  // In order of loading.
  [[nodiscard]] std::vector<const Module*> modules() const;

 private:
  struct Entry {
    dev_t device;
    ino_t inode;
    const Module* module;  // never freed: the instances and rows of a run may point into it to the very end
  };
  std::vector<Entry> entries_;
};

}  // namespace flowgauge
