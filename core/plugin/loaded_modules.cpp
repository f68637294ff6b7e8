#include "core/plugin/loaded_modules.h"

#include <algorithm>

namespace flowgauge {

LoadedModules& LoadedModules::of_process() {
  static auto& modules = *new LoadedModules;  // outlives destructors of static objects
  return modules;
}

const Module* LoadedModules::find(const std::string& path, const std::string& sha256, Origin origin) const {
  const auto found = std::ranges::find_if(
      all_, [&](const Module* one) { return one->sha256 == sha256 && one->path == path && one->origin == origin; });
  return found == all_.end() ? nullptr : *found;
}

const Module* LoadedModules::add(std::unique_ptr<Module> module) {
  all_.push_back(nullptr);  // first, so that nothing is lost where there is no memory
  return all_.back() = module.release();
}

}  // namespace flowgauge
