// flowgauge events: captures into event files, one for each, of which other machines make rows.
#include <utility>

#include "core/app/commands.h"
#include "core/app/run_profile.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/event_run.h"
#include "core/engine/session.h"

namespace flowgauge {
namespace {

SessionSpec events_spec_of(const EventsCommand& command, Profile profile, StopRequest& stop) {
  SessionSpec spec;
  spec.profile = std::move(profile);
  spec.plugins = plugin_paths(command.plugins);
  spec.log = borrowed_log(bound_log());
  spec.stop = &stop;
  return spec;
}

EventTask task_of(const EventsCommand& command) {
  return {.folder = command.folder,
          .place = {.first = static_cast<std::uint32_t>(command.file_number.value_or(1)),
                    .count = static_cast<std::uint32_t>(command.file_count.value_or(0))}};
}

void say_what_is_written(const WrittenEvents& file) {
  for (const std::string& warning : file.warnings) log_warning("{}", warning);
  for (const Error& problem : file.problems) log_error("{}", problem.message);
  log_info("{}: {} packets of {} are in {} ({})", file.capture, with_thousands(file.ledger.accepted()),
           counted(file.ledger.frames_read, "frame"), file.path, human_bytes(file.bytes));
}

}  // namespace

ExitCode run_events(const EventsCommand& command, StopRequest& stop) {
  Result<Profile> profile = profile_of_run(command, false);
  if (!profile) return say_and_return(profile.error());
  auto session = Session::open(events_spec_of(command, std::move(*profile), stop));
  if (!session) return say_and_return(session.error());
  if (const auto added = session->add_captures(command.inputs); !added) return say_and_return(added.error());
  ExitCode code = ExitCode::kOk;
  const auto done = session->write_events(task_of(command), [&](const WrittenEvents& file) {
    say_what_is_written(file);
    if (!file.problems.empty()) code = file.problems.front().code;
  });
  return done ? code : say_and_return(done.error());
}

}  // namespace flowgauge
