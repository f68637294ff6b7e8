// A folder of a fuzz target's own, in memory where the system has such, which goes with the process.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "tests/fuzz/target.h"

namespace flowgauge::test {

class OwnFolder {
 public:
  OwnFolder() { must_hold(::mkdtemp(folder_.data()) != nullptr, "there is a folder"); }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
  ~OwnFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }

 private:
  static std::string parent() {
    return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path().string();
  }
  std::string folder_ = parent() + "/flowgauge-fuzz-XXXXXX";
};

inline void write_file(const std::string& path, std::string_view content) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  must_hold(fd >= 0 && ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
            "the folder takes the file");
  ::close(fd);
}

}  // namespace flowgauge::test
