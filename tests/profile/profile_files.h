// Profiles for tests: the fixtures, and files that a test writes itself.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/profile/profile_reader.h"

namespace flowgauge {

inline const std::string kProfileFixtures = FLOWGAUGE_SOURCE_DIR "/fixtures/profiles";
// The folder that names are looked up in, as the messages in fixtures/profiles/bad/expected.txt say it.
inline const std::vector<std::string> kShippedFolders = {FLOWGAUGE_SOURCE_DIR "/configs"};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// A folder of its own, gone with the object.
class ProfileFolder {
 public:
  ProfileFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "flowgauge_profile_XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ProfileFolder(const ProfileFolder&) = delete;
  ProfileFolder& operator=(const ProfileFolder&) = delete;
  ~ProfileFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = std::filesystem::path(path_) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.string();
  }

 private:
  std::string path_;
};

// Loads `text` as the only file there is.
inline Result<Profile> load_text(const std::string& text) {
  const ProfileFolder folder;
  Result<Profile> profile = load_profile(folder.write("p.yaml", text), kShippedFolders);
  if (!profile) profile.error().message = replace_all(profile.error().message, folder.path() + "/", "");
  return profile;
}

}  // namespace flowgauge
