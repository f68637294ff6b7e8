// PATH.part while it is written: locked on its descriptor, so that a run that goes on is told from one that is dead.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace flowgauge {

// Makes and locks the file. One that a dead process left is kept aside as PART.N, which is said; with `force` it is
// replaced. One that a live process writes is refused in any case.
[[nodiscard]] Result<FileDescriptor> open_part_file(const std::string& part, bool force);

// A file that a dead process left, locked as long as the descriptor is open.
struct LeftPart {
  enum class State : std::uint8_t { kNone, kInUse, kDead };  // kInUse: also where nobody can say
  State state = State::kNone;
  FileDescriptor fd;
};
[[nodiscard]] LeftPart take_left_part(const std::string& part);

// What open_part_file() would refuse. Makes and locks nothing.
[[nodiscard]] Result<void> check_part_file(const std::string& part);

}  // namespace flowgauge
