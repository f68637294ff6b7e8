// What a live run that was started with rights goes on with: as which user, and which system calls.
// docs/privileges.md says what was chosen, and why.
#pragma once

#include <span>
#include <string>

#include "core/base/result.h"
#include "core/profile/profile.h"

namespace flowgauge {

// The user that packages make for it.
inline constexpr const char* kDefaultUser = "flowgauge";

// Before the run's files are opened: from here on they are that user's. Of root's capabilities this process keeps those
// for capture; the supervisor has none. The error (kUsage, kPrivilege): who was asked for is nobody, cannot be had, or
// could not write `files`.
[[nodiscard]] Result<void> take_user(const ProfileLive& live, std::span<const std::string> files);

// Once capture needs no rights any more, before any code of a sink runs. That the kernel cannot is a warning.
void take_system_calls(const ProfileLive& live);

}  // namespace flowgauge
