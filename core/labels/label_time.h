// Times of a label file. Stateless.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace flowgauge {

// "+02:00", "-03:00", "+0530", "Z", "UTC": seconds that local time is ahead of UTC. The error says what is wrong.
[[nodiscard]] std::expected<std::int32_t, std::string> parse_utc_offset(std::string_view text);

// ISO 8601, "2017-07-04T09:20:30.5-03:00": with 'T' or a blank, seconds and up to 9 digits of them optional, with an
// offset or, where `zone_seconds` is given, without. Or seconds since the epoch: "1424219008". The error says what is
// wrong.
[[nodiscard]] std::expected<std::int64_t, std::string> parse_moment_ns(std::string_view text,
                                                                       std::optional<std::int32_t> zone_seconds);

}  // namespace flowgauge
