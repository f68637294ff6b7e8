// Notices packets that an interface counts and the capture does not see: an XDP program, or one of tc that stands
// before ours, may take them all. Each such time is said once. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "core/host/interfaces.h"
#include "core/live/live_source.h"

namespace flowgauge {

class PassingTraffic {
 public:
  // What was seen, and what the interfaces counted, by name, since the last call.
  void compare(std::span<const LiveCounters> seen, const std::map<std::string, InterfaceTraffic>& counted);

 private:
  struct Side {
    bool is_known = false;  // once compared
    std::uint64_t seen = 0;
    std::uint64_t counted = 0;
    std::uint64_t unseen = 0;  // counted since the last that was seen
    int looks = 0;             // since then, that found some
    bool is_said = false;
  };

  void compare(const LiveCounters& seen, std::uint64_t counted);

  std::map<std::pair<std::string, TrafficDirection>, Side> sides_;
};

}  // namespace flowgauge
