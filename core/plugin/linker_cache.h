// The list of libraries that ldconfig makes for the dynamic linker (/etc/ld.so.cache): by it the system's own are found.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace flowgauge {

// The path of the library of that name for this machine; variants for newer processors aside. `bytes` are the file's.
[[nodiscard]] std::optional<std::string> path_in_linker_cache(std::span<const std::uint8_t> bytes,
                                                              std::string_view name);

// The same of this system's.
[[nodiscard]] std::optional<std::string> system_library(std::string_view name);

}  // namespace flowgauge
