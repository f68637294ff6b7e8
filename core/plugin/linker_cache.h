// The list of libraries that ldconfig makes for the dynamic linker (/etc/ld.so.cache): by it the system's own are
// found.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace flowgauge {

class LinkerCache {
 public:
  // `bytes` are the file's. One that is damaged, or none, has no libraries.
  explicit LinkerCache(std::string bytes) : bytes_(std::move(bytes)) {}
  // This system's, as it is now.
  [[nodiscard]] static LinkerCache of_system();

  // The path of the library of that name for this machine; variants for newer processors aside.
  [[nodiscard]] std::optional<std::string> path_of(std::string_view name) const;

 private:
  std::string bytes_;
};

}  // namespace flowgauge
