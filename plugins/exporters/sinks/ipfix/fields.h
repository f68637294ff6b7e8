// How each column of a table is told to a collector: by which information element, and in which form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "registry.h"
#include "table.h"

namespace ipfix_sinks {

enum class Form : std::uint8_t {
  kNumber,   // of 1, 2, 4 or 8 bytes
  kReal,     // float64
  kBoolean,  // RFC 7011 6.1.5: 1 is true, 2 is false
  kText,     // of any length
  kList,     // RFC 6313 basicList
  kAddress,  // an element for IPv4, another for IPv6
  kMac,
  kTime,   // in milliseconds, or as NTP has it: RFC 7011 6.1.8 to 6.1.10
  kFlags,  // of eight columns that count packets with a TCP flag
};

enum class TimeUnit : std::uint8_t { kMilliseconds, kMicroseconds, kNanoseconds };
using TimeUnits = std::vector<TimeUnit>;  // each is an element of its own

struct Field {
  Form form;
  const Column* column;  // of kFlags the first of eight, FIN to CWR, by `flags`
  std::string element;
  std::string element_v6;            // of kAddress
  std::optional<OwnElement> own;     // what it is, where it is none of IANA's; of kList that of the items
  std::uint16_t bytes = 0;           // in a message; 0: as long as it is
  std::vector<const Column*> flags;  // of kFlags
  TimeUnit time = TimeUnit::kMilliseconds;
};

// In the order of the table, to which they refer. A column that no registry knows has a number made of its name, from
// 16384 on.
[[nodiscard]] std::vector<Field> fields_of(const Table& table, const Registry& registry, const TimeUnits& times);

}  // namespace ipfix_sinks
