// Another user than root, for a process that was started as root: who that is, what they may write, becoming them.
// A process becomes them in two steps, so that those who watch it may send it signals all the while: before the first
// as root, behind it as that user too. Linux alone; stateless.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/host/capabilities.h"

namespace flowgauge {

// As plain memory, that processes may share.
struct UserIds {
  static constexpr std::size_t kMostGroups = 256;

  uid_t user = 0;
  gid_t group = 0;
  std::uint32_t group_count = 0;  // the supplementary ones
  std::array<gid_t, kMostGroups> groups{};
};

// Of the user database; none: no such user. The error: they are in too many groups.
[[nodiscard]] Result<std::optional<UserIds>> find_user(const std::string& name);

// Of files that are to be made, under PATH.part first: one that they could not, and why.
struct Unwritable {
  std::size_t file = 0;  // its place among the files
  std::string reason;
};

// Asked of the kernel by a process that has become them. Devices and pipes that are there count, a folder that is not
// there does not. Needs CAP_SETUID and CAP_SETGID.
[[nodiscard]] Result<std::optional<Unwritable>> find_unwritable(const UserIds& ids, std::span<const std::string> files);

// The first step. The process still acts as root.
[[nodiscard]] Result<void> begin_to_become(const UserIds& ids);
// The second, for all threads. Of its capabilities it keeps these, on the calling thread. A signal that it gets at the
// end of its parent (PR_SET_PDEATHSIG) stays; whether the parent ended meanwhile is for the caller to look at.
[[nodiscard]] Result<void> become(const UserIds& ids, CapabilitySet keep);

// Both steps and without any capability, of a process with one thread. Async-signal-safe. 0, or errno.
[[nodiscard]] int become_for_good(const UserIds& ids) noexcept;

}  // namespace flowgauge
