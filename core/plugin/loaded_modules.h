// The modules that this process has loaded, for all its runs. They are never unloaded, so what has the same bytes under
// the same name is not loaded again: a process may make any number of runs.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/plugin/module.h"

namespace flowgauge {

class LoadedModules {
 public:
  static LoadedModules& of_process();

  // Held from find() to add(), so that nobody else loads the same meanwhile.
  [[nodiscard]] std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

  // Null: not yet.
  [[nodiscard]] const Module* find(const std::string& path, const std::string& sha256, Origin origin) const;
  const Module* add(std::unique_ptr<Module> module);

 private:
  std::mutex mutex_;
  std::vector<const Module*> all_;  // never freed: instances and rows of a run may point into them to the very end
};

}  // namespace flowgauge
