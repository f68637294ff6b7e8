// From a file to a Module: a candidate, loaded in a child process first, then here, and judged - in this order, and
// each refusal is a sentence "PATH: what is wrong; what to do". Modules stay loaded for the life of the process.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/module.h"
#include "core/plugin/module_file.h"
#include "core/plugin/preflight.h"
#include "core/plugin/search.h"
#include "core/plugin/trust.h"

namespace flowgauge {

// The modules of a run. Set-up only: one thread. A file that is asked for twice, by whatever names, is one module. What
// an earlier run of this process loaded is not loaded again (loaded_modules.h).
class ModuleStore {
 public:
  explicit ModuleStore(PluginTrial trial = {}) : trial_(std::move(trial)) {}
  ModuleStore(const ModuleStore&) = delete;
  ModuleStore& operator=(const ModuleStore&) = delete;

  // Of what will be asked for: one child process tries all these instead of one each. Refusals are kept for load().
  void prepare(std::span<const LoadRequest> requests);

  [[nodiscard]] Result<const Module*> load(const LoadRequest& request);
  // The same for those who only tell of it: the module is loaded and read in the process of the trial, and no code of
  // it runs here. Its functions cannot be called. It lives as long as the store.
  [[nodiscard]] Result<const Module*> describe(const LoadRequest& request);
  // find_module, then load.
  [[nodiscard]] Result<const Module*> load(std::string_view kind, const std::string& value, const SearchPath& search,
                                           TrustRule trust = TrustRule::kOwnedFiles,
                                           std::optional<std::string> sha256 = std::nullopt);

  // Where modules are tried before they are loaded here, and their features before a run.
  [[nodiscard]] Trial& trial() { return trial_; }

  // In order of loading.
  [[nodiscard]] std::vector<const Module*> modules() const;

 private:
  struct Entry {
    std::string path;  // as it was asked for
    dev_t device;
    ino_t inode;
    const Module* module;  // never freed
  };
  struct Prepared {
    LoadRequest request;
    Result<Candidate> candidate;
  };
  struct Described {
    std::unique_ptr<const Module> module;
    Candidate candidate;  // the trial knows the numbers of its descriptors
  };
  [[nodiscard]] Result<std::unique_ptr<Module>> read_in_trial(const Candidate& candidate, const LoadRequest& request);
  // By this run: from the same path, whatever lies there now, or from the same file by another. Null: not yet.
  [[nodiscard]] const Module* loaded_from(const std::string& path, const Candidate& candidate) const;
  [[nodiscard]] std::vector<Prepared>::iterator prepared_for(const LoadRequest& request);

  Trial trial_;
  JudgedLibraries judged_;
  std::vector<Entry> entries_;
  std::vector<Described> described_;
  std::vector<Prepared> prepared_;  // each until it is asked for
  std::set<std::string> warned_;    // paths of those that hide others
};

}  // namespace flowgauge
