#include "core/app/files_run.h"

#include <utility>

#include "core/app/commands.h"
#include "core/app/monitored_run.h"
#include "core/app/progress_line.h"
#include "core/app/whole_screen.h"

namespace flowgauge {

ExitCode run_over_files(const RunFlags& flags, RunRequest request, std::string title, StopRequest& stop,
                        Terminal& terminal) {
  auto screen = WholeScreen::prepare(terminal, flags.view, request.profile, std::move(title), kShortRun);
  if (!screen) return say_and_return(screen.error());
  return run_monitored(request.profile, flags.force, (*screen)->observer(observer_on(terminal)), terminal,
                       [&](const Observer& observer, auto on_files_checked) {
                         request.on_files_checked = std::move(on_files_checked);
                         return run(request, stop, observer);
                       });
}

}  // namespace flowgauge
