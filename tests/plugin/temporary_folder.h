// A folder of a test's own, removed with all its contents at the end; and small files in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace flowgauge::test {

class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::vector<std::uint8_t> contents_of(const std::string& path);
void write_file(const std::string& path, std::span<const std::uint8_t> bytes);
void write_text(const std::string& path, const std::string& text);

// Of the plugins that tests/broken_plugins builds: broken_plugin("nothing") is a good one.
std::string broken_plugin(const std::string& name);

}  // namespace flowgauge::test
