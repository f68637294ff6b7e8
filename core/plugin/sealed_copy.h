// A plugin's file in memory, where nobody can change its bytes any more: these are judged and hashed, and these run, to
// the end, whatever becomes of the file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/plugin/trust.h"

namespace flowgauge {

struct SealedCopy {
  // What the dynamic linker can open; none where the system lets no code run from such a file.
  FileDescriptor descriptor;
  // As long as `memory` is there.
  std::span<const std::uint8_t> bytes;
  std::shared_ptr<const void> memory;
};

// Copied piece by piece: a library of 50 MB takes its place once. /proc/PID/maps shows it by its file's name.
[[nodiscard]] Result<SealedCopy> sealed_copy(const TrustedFile& file);

}  // namespace flowgauge
