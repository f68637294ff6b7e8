// Where a run sees its packets (RFC 7012 2: Observation Point), as the host's columns name it.
#pragma once

#include <string>

#include "core/packet/interface_names.h"

namespace flowgauge {

struct ObservationPoint {
  std::string sensor;         // what the profile calls the place; empty: nothing
  InterfaceNames interfaces;  // grows while the run goes on: its source adds
};

}  // namespace flowgauge
