// flowgauge plugin trial: what libflowgauge starts to try plugins, since it cannot copy its process.
#include <sys/auxv.h>

#include "core/app/commands.h"
#include "core/base/log.h"
#include "core/host/capabilities.h"
#include "core/plugin/child_process.h"
#include "core/plugin/trial_request.h"
#include "core/plugin/trial_server.h"
#include "core/plugin/trial_socket.h"

namespace flowgauge {

ExitCode run_plugin_trial(const PluginTrialCommand& command) {
  // Nobody has judged what it will be asked to load: it gets no rights that the caller has not.
  if (::getauxval(AT_SECURE) != 0)
    if (const auto dropped = drop_capabilities({}); !dropped) return say_and_return(dropped.error());
  live_as_child({.memory_bytes = command.memory_bytes});
  const LogScope silent(nullptr);  // the real calls will say the same again
  if (send_message(command.descriptor, bytes_of({TrialWord::kHello, {}}), -1)) serve_trial(command.descriptor);
  return ExitCode::kOk;
}

}  // namespace flowgauge
