// What may stand in a capture where its next record should begin and is none: another capture, or zeros. In words for
// "FILE: packet 6 at byte 4711 cannot be read: ...", with what to do, without a full stop.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/ingest/record_buffer.h"

namespace flowgauge {

inline constexpr std::size_t kClassicHeaderBytes = 24;  // of the file

// Whether these bytes are the header of a classic capture or of a pcapng section. A record of a classic capture that
// looks like that has no byte on the wire: it would be one of 1975 or 2055, at one certain microsecond.
[[nodiscard]] bool begins_a_capture(std::string_view bytes);

inline constexpr std::string_view kJoinedCapture =
    "another capture begins here, as where two were joined by `cat`; give both files, or join them by `mergecap -w "
    "OUT.pcapng FILE1 FILE2`";

// Takes the zeros that `buffer` begins with.
[[nodiscard]] std::string zeros_message(RecordBuffer& buffer);

}  // namespace flowgauge
