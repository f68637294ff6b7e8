// The profile of a run: the file that was asked for, with the flags laid over it.
#pragma once

#include <string>
#include <utility>

#include "core/app/command.h"
#include "core/base/result.h"
#include "core/profile/profile.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {

// Lays the flags over `profile`; without a profile the rows are of schema `basic`. `terminal`: standard output is one,
// which makes the aligned table the default there. Errors are kUsage.
[[nodiscard]] Result<Profile> with_flags(const PcapCommand& command, Profile profile, bool terminal);
[[nodiscard]] Result<Profile> with_flags(const RunFlags& command, Profile profile, bool terminal);

// A name or a path, or "-": what standard input has.
[[nodiscard]] Result<Profile> profile_named(const std::string& name);

// Reads the profile that the command names, if any, then with_flags.
template <class RunCommand>
[[nodiscard]] Result<Profile> profile_of_run(const RunCommand& command, bool terminal) {
  Profile profile;
  if (command.profile_path) {
    Result<Profile> loaded = profile_named(*command.profile_path);
    if (!loaded) return loaded;
    profile = std::move(*loaded);
  }
  return with_flags(command, std::move(profile), terminal);
}

}  // namespace flowgauge
