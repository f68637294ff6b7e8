// How a run over capture files sees the clock.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/flow/life_cycle.h"
#include "core/packet/event.h"

namespace flowgauge::test {

// The reading at each packet.
inline std::vector<std::int64_t> clock_readings(const LifeCycle& rules, std::span<const packet_event> events) {
  std::vector<std::int64_t> readings;
  RunClock clock(clock_rules(rules));
  const auto take = [&](std::span<const std::int64_t> settled) {
    readings.insert(readings.end(), settled.begin(), settled.end());
  };
  for (const packet_event& event : events) take(clock.take_in(event.timestamp_ns));
  take(clock.finish());
  return readings;
}

}  // namespace flowgauge::test
