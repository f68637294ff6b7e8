// What a plugin does before a run is tried in a process of its own first: libraries are loaded there, and before a run
// each feature is created and destroyed once, in the process that has loaded its library. What crashes, hangs, refuses
// or takes all memory there stops the start with a sentence, not the host. Wherever it came from: an installation holds
// other people's plugins as well.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/feature_set.h"
#include "core/plugin/memory_reader.h"
#include "core/plugin/trial_process.h"

namespace flowgauge {

struct LoadTrial {
  std::string opened_path;  // what is loaded
  std::string path;         // what the user calls it
};

// One process tries all; where one of them ends it, another goes on. Each of them has the whole limit. Set-up only: one
// thread, before others are started where the process is a copy of this one.
class Trial {
 public:
  explicit Trial(PluginTrial where = {}) : where_(std::move(where)) {}

  // Of each library, whether the constructors of its static objects come to an end. That one cannot be loaded is no
  // failure here: the host's own attempt has the sentence for that.
  [[nodiscard]] std::vector<Result<void>> load(std::span<const LoadTrial> libraries);

  // All those that a module brought, in order; the first failure decides.
  [[nodiscard]] Result<void> create(std::span<const ActiveFeature> active);

  // Where the table of a library lies in the process, which has loaded it, or does it now; or why there is none.
  // Not where nothing is tried.
  [[nodiscard]] Result<LoadedTable> table_of(const LoadTrial& library);
  // The memory of the process, as long as it is there. Refers to this.
  [[nodiscard]] MemoryReader::Fetch pages();
  [[nodiscard]] bool is_anywhere() const { return where_.how != PluginTrial::How::kNone; }

  // Nothing more will be tried: the process goes.
  void end() { process_.reset(); }

 private:
  [[nodiscard]] Result<TrialEnd> ask(const std::string& request, const std::string& opened_path);

  PluginTrial where_;
  std::unique_ptr<TrialProcess> process_;  // null: none is there
};

}  // namespace flowgauge
