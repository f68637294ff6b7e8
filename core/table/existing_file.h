// What becomes of a file that exists where an output is to be written: plain data.
#pragma once

#include <cstdint>

namespace flowgauge {

enum class ExistingFile : std::uint8_t {
  kRefuse,   // the run does not begin
  kAppend,   // it stays, and the rows of this run are put behind its own
  kReplace,  // it gives way to the complete output
};

[[nodiscard]] constexpr ExistingFile replaced_if(bool force) {
  return force ? ExistingFile::kReplace : ExistingFile::kRefuse;
}

}  // namespace flowgauge
