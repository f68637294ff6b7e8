// flowgauge plugin check: does a plugin keep to the ABI?
#include <fmt/format.h>

#include "core/app/commands.h"
#include "core/app/standard_output.h"

namespace flowgauge {

ExitCode run_plugin_check(const PluginCheckCommand& command) {
  ModuleStore modules;
  const Result<const Module*> module =
      modules.load({command.path, Origin::kGiven, plugin_paths(command.plugins).trust, std::nullopt});
  if (!module) return say_and_return(module.error());
  return write_standard_output(fmt::format("{} {}: loads\n", (*module)->name, (*module)->version));
}

}  // namespace flowgauge
