// A profile's file is written whole or not at all.
#include "core/editor/profile_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

class ProfileFile : public testing::Test {
 protected:
  ProfileFile() : folder_(::mkdtemp(pattern_)) {}
  ~ProfileFile() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

 private:
  char pattern_[32] = "/tmp/fg_profile_file.XXXXXX";
  fs::path folder_;
};

TEST_F(ProfileFile, IsNotReplacedWithoutLeave) {
  ASSERT_TRUE(write_profile_file(path("a.yaml"), "one\n", Replace::kNo));
  EXPECT_EQ(write_profile_file(path("a.yaml"), "two\n", Replace::kNo).error().message, path("a.yaml") + " exists");
  EXPECT_EQ(read_profile_file(path("a.yaml")), "one\n");
  ASSERT_TRUE(write_profile_file(path("a.yaml"), "two\n", Replace::kYes));
  EXPECT_EQ(read_profile_file(path("a.yaml")), "two\n");
  EXPECT_EQ(files(), 1U);
}

TEST_F(ProfileFile, KeepsRightsAndLinks) {
  ASSERT_TRUE(write_profile_file(path("a.yaml"), "one\n", Replace::kNo));
  ::chmod(path("a.yaml").c_str(), 0600);
  fs::create_symlink("a.yaml", path("link.yaml"));
  ASSERT_TRUE(write_profile_file(path("link.yaml"), "two\n", Replace::kYes));
  EXPECT_TRUE(fs::is_symlink(path("link.yaml")));
  EXPECT_EQ(read_profile_file(path("a.yaml")), "two\n");
  struct stat status {};
  ASSERT_EQ(::stat(path("a.yaml").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(ProfileFile, SaysWhyItCannotBe) {
  const std::string nowhere = path("no/a.yaml");
  EXPECT_EQ(write_profile_file(nowhere, "", Replace::kNo).error().message,
            nowhere + ": cannot be written (No such file or directory)");
  EXPECT_EQ(read_profile_file(nowhere).error().message, nowhere + ": cannot be read (No such file or directory)");
  fs::create_directory(path("folder.yaml"));
  EXPECT_EQ(write_profile_file(path("folder.yaml"), "", Replace::kYes).error().message,
            path("folder.yaml") + " is no file");
}

TEST_F(ProfileFile, PathsAreCompleted) {
  std::ofstream(path("day1.pcap"));
  std::ofstream(path("day2.pcap"));
  fs::create_directory(path("old"));
  EXPECT_EQ(complete_path(path("d")).text, path("day"));
  EXPECT_THAT(complete_path(path("d")).candidates, testing::ElementsAre("day1.pcap", "day2.pcap"));
  EXPECT_EQ(complete_path(path("day2")).text, path("day2.pcap"));
  EXPECT_THAT(complete_path(path("day2")).candidates, testing::IsEmpty());
  EXPECT_EQ(complete_path(path("o")).text, path("old/"));
  EXPECT_EQ(complete_path(path("x")).text, path("x"));
}

}  // namespace
}  // namespace flowgauge
