#include "core/engine/parsing_text.h"

#include <fmt/format.h>

#include "core/plugin/feature_set.h"
#include "core/profile/canonical.h"

namespace flowgauge {

std::string parsing_text(const Plan& plan) {
  const BytesWanted bytes = bytes_wanted_by(plan.active);
  return fmt::format("program: flowgauge {}\n{}features:\n  payload_bytes: {}\n  header_bytes: {}\n", FLOWGAUGE_VERSION,
                     describe_parsing(plan.profile), bytes.payload_bytes, bytes.headers ? "all" : "none");
}

}  // namespace flowgauge
