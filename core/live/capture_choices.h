// What a run may choose of live capture (docs/realtime.md). A profile sets it.
#pragma once

#include <cstdint>

#include "core/host/capture_method.h"

namespace flowgauge {

struct CaptureChoices {
  CaptureMethod capture = CaptureMethod::kAuto;
  AttachMethod attach = AttachMethod::kAuto;
  bool ingress_only = false;      // `lo` always is: it shows each packet twice
  bool merge_interfaces = false;  // key_interface stays 0 in all events: one flow may use several interfaces
  std::uint32_t rings = 0;        // lanes, a power of 2; 0: as many as suit the cores
  std::uint64_t ring_bytes = 0;   // of each, a power of 2; 0: a default

  bool promiscuous = true;  // packets that are not addressed to this host, too
  bool wait = false;        // begin without interfaces that are not there
  bool until_down = false;  // the run ends when the last interface goes down

  bool operator==(const CaptureChoices&) const = default;
};

}  // namespace flowgauge
