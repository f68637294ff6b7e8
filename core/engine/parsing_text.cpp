#include "core/engine/parsing_text.h"

#include <fmt/format.h>

#include "core/base/version.h"
#include "core/plugin/feature_set.h"
#include "core/profile/canonical.h"

namespace flowgauge {

std::string parsing_text(const Plan& plan) {
  const BytesWanted bytes = bytes_wanted_by(plan.active);
  std::string text = fmt::format("program: flowgauge {}\n{}", FLOWGAUGE_VERSION, describe_parsing(plan.profile));
  if (bytes.any())
    text += fmt::format("bytes of packets: {} of payload, {}\n", bytes.payload_bytes,
                        bytes.headers ? "headers" : "no headers");
  return text;
}

}  // namespace flowgauge
