// flowgauge profile check: is the profile right, and can everything it names be loaded?
#include <fmt/format.h>

#include "core/app/commands.h"
#include "core/app/standard_output.h"
#include "core/profile/canonical.h"
#include "core/profile/output_name.h"
#include "core/profile/profile_reader.h"
#include "core/profile/setting.h"

namespace flowgauge {

ExitCode run_profile_check(const ProfileCheckCommand& command) {
  Result<Profile> profile = load_profile(command.path);
  if (!profile) return say_and_return(profile.error());
  if (const Result<void> done = apply(command.settings, *profile); !done) return say_and_return(done.error());
  if (const Result<void> settled = settle_formats(*profile); !settled) return say_and_return(settled.error());
  const auto plan = make_plan(*profile, plugin_paths(command.plugins));
  if (!plan) return say_and_return(plan.error());
  return write_standard_output(
      fmt::format("# {}: right; what it means, with everything it extends and all defaults:\n# hash {}\n{}",
                  command.path, (*plan)->profile_hash, describe(*profile)));
}

}  // namespace flowgauge
