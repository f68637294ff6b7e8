// Absolute times, from how a table has them to how IPFIX does.
#pragma once

#include <cstdint>
#include <flowgauge/sdk.hpp>

#include "fields.h"

namespace ipfix_sinks {

// Nanoseconds since the epoch. Throws where a text is no time.
[[nodiscard]] std::int64_t moment_ns(const Column& column, const fg::BatchColumn& cells, std::int64_t row);

// RFC 7011 6.1.8 to 6.1.10: milliseconds since the epoch, or seconds since 1900 with a fraction of 32 bits, of which
// microseconds leave the lowest 11 alone. A fraction is rounded up: who cuts it to its unit has the same again.
[[nodiscard]] std::uint64_t ipfix_time(std::int64_t ns, TimeUnit unit);

}  // namespace ipfix_sinks
