// Which file a profile's name means. Stateless.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

// As load_profile explains. A relative path is completed from `from_folder` ("" is the current one). The error
// has no place in front; the caller knows who asked.
[[nodiscard]] Result<std::string> find_profile(std::string_view name_or_path, const std::string& from_folder,
                                               std::span<const std::string> folders);

}  // namespace flowgauge
