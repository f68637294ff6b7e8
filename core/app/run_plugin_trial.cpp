// flowgauge plugin trial: what libflowgauge starts to try plugins, since it cannot copy its process.
#include <sys/auxv.h>

#include <iostream>
#include <iterator>
#include <string>

#include "core/app/commands.h"
#include "core/base/log.h"
#include "core/host/capabilities.h"
#include "core/plugin/child_process.h"
#include "core/plugin/trial_request.h"

namespace flowgauge {

ExitCode run_plugin_trial(const PluginTrialCommand& command) {
  // Nobody has judged what the lines name: it gets no rights that the caller has not.
  if (::getauxval(AT_SECURE) != 0)
    if (const auto dropped = drop_capabilities({}); !dropped) return say_and_return(dropped.error());
  const std::string lines(std::istreambuf_iterator<char>(std::cin), {});
  live_as_child({});
  const LogScope silent(nullptr);  // the real calls will say the same again
  const auto tried = try_as_requested(lines, command.descriptor);
  return tried ? ExitCode::kOk : tried.error().code;
}

}  // namespace flowgauge
