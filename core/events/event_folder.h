// The event files of a job: all of one folder, by their numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/events/event_file.h"

namespace flowgauge {

struct EventFileEntry {
  std::string path;
  std::uint64_t size_bytes = 0;
  std::string capture;
  std::string problem;  // of a damaged capture: a whole message
};

// In the order of the captures. Fails (kInput) where one is missing, damaged, of another job, or made with other
// `settings` than these, or these and more lines.
[[nodiscard]] Result<std::vector<EventFileEntry>> list_event_files(const std::string& folder,
                                                                   std::string_view settings);

}  // namespace flowgauge
