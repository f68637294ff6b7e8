// What decides which events a capture gives, as lines of text: event files that were made with other lines are not for
// this run. The last one says which bytes of packets the features want; a run that wants none has no such line, and can
// do with files that have. Stateless.
#pragma once

#include <string>

#include "core/engine/plan.h"

namespace flowgauge {

[[nodiscard]] std::string parsing_text(const Plan& plan);

}  // namespace flowgauge
