// An event as text, so that a failed comparison shows which field differs.
#pragma once

#include <string>

#include "core/packet/event.h"

namespace flowgauge::test {

// One line per field that is not 0, in the struct's order. Equal texts are equal events.
std::string event_text(const packet_event& event);

}  // namespace flowgauge::test
