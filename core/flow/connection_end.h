// How a connection closed, be it of TCP or SCTP.
#pragma once

#include <cstdint>

namespace flowgauge {

// kFinished: by both sides (FIN, SHUTDOWN); kReset: by one (RST, ABORT).
enum class ConnectionEnd : std::uint8_t { kNone, kFinished, kReset };

}  // namespace flowgauge
