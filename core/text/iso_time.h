// Moments as ISO 8601 and RFC 3339 have them: "2026-08-03T20:46:40.002Z". Stateless; write_iso_time() is
// async-signal-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace flowgauge {

inline constexpr std::size_t kIsoTimeBytes = 24;

// Of a moment in ns since 1970, of the years 0 to 9999, cut to milliseconds. Needs kIsoTimeBytes; returns their end.
char* write_iso_time(char* out, std::int64_t time_ns) noexcept;

[[nodiscard]] std::string iso_time(std::int64_t time_ns);

}  // namespace flowgauge
