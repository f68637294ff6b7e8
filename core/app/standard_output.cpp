#include "core/app/standard_output.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/host_path.h"
#include "core/base/log.h"

namespace flowgauge {

ExitCode write_standard_output(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(standard_output(), text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return ExitCode::kOk;
    } else if (errno != EINTR) {
      log_error("standard output: {}", std::strerror(errno));
      return ExitCode::kOutput;
    }
  }
  return ExitCode::kOk;
}

}  // namespace flowgauge
