// What a message carries.
#pragma once

#include <cstdint>

namespace ipfix_sinks {

struct Carried {
  std::uint64_t rows = 0;
  std::uint64_t records = 0;  // as RFC 7011 numbers them: rows, and what tells of elements
};

}  // namespace ipfix_sinks
