#include "core/live/interface_news.h"

#include <chrono>

#include "core/base/log.h"

namespace flowgauge {

bool tell_changes(InterfaceWatch& interfaces) {
  const auto changes = interfaces.check();
  for (const InterfaceChange& change : changes)
    log_warning("{}", message_for(change, std::chrono::system_clock::now()));
  return !changes.empty();
}

std::map<std::string, InterfaceTraffic> traffic_by_first_name(const InterfaceWatch& interfaces) {
  const auto by_name = traffic_of_interfaces();
  std::map<std::string, InterfaceTraffic> all;
  for (const FollowedInterface& followed : interfaces.interfaces()) {
    const auto found = by_name.find(followed.now.name);
    if (found != by_name.end()) all[followed.name] = found->second;
  }
  return all;
}

}  // namespace flowgauge
