#include "core/host/run_user.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "core/host/system_calls.h"

namespace flowgauge {
namespace {

// Of the user nobody, whom every Linux has.
UserIds nobody() {
  const auto found = find_user("nobody");
  return found && *found ? **found : UserIds{};
}

TEST(RunUser, IsFoundByName) {
  const auto root = find_user("root");
  ASSERT_TRUE(root && *root);
  EXPECT_EQ((*root)->user, 0U);
  EXPECT_GE((*root)->group_count, 1U);
  const auto missing = find_user("nobody-of-this-name");
  ASSERT_TRUE(missing);
  EXPECT_FALSE(*missing);
}

class WhatTheyMayWrite : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0 || nobody().user == 0) GTEST_SKIP() << "needs root, and a user nobody";
    std::array<char, 32> name{"/tmp/flowgauge-user-XXXXXX"};
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name.data();
    set_mode(0755);
  }
  void TearDown() override {
    if (folder_.empty()) return;
    for (const char* file : {"/a.csv", "/b.csv.part", "/pipe"}) ::unlink((folder_ + file).c_str());
    ::rmdir(folder_.c_str());
  }
  void set_mode(mode_t mode) const { ASSERT_EQ(::chmod(folder_.c_str(), mode), 0); }
  [[nodiscard]] std::string reason(const std::vector<std::string>& names) const {
    std::vector<std::string> files;
    for (const std::string& name : names) files.push_back(folder_ + name);
    const auto found = find_unwritable(nobody(), files);
    if (!found) return found.error().message;
    return *found ? std::to_string((*found)->file) + ": " + (*found)->reason : "";
  }
  std::string folder_;
};

TEST_F(WhatTheyMayWrite, IsWhatTheFolderSays) {
  EXPECT_EQ(reason({"/a.csv"}), "0: Permission denied");
  EXPECT_EQ(reason({"/missing/a.csv"}), "");  // is said where it is opened
  set_mode(0777);
  EXPECT_EQ(reason({"/a.csv", "/b.csv"}), "");
}

TEST_F(WhatTheyMayWrite, IsNotSomebodyElsesFileInAStickyFolder) {
  set_mode(01777);
  EXPECT_EQ(reason({"/a.csv", "/b.csv"}), "");
  std::ofstream(folder_ + "/b.csv.part") << "of root\n";
  EXPECT_THAT(reason({"/a.csv", "/b.csv"}), testing::StartsWith("1: it is there already, of another user"));
  set_mode(0777);
  EXPECT_EQ(reason({"/a.csv", "/b.csv"}), "");
}

TEST_F(WhatTheyMayWrite, IsAPipeThatTheyMayWrite) {
  ASSERT_EQ(::mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
  EXPECT_EQ(reason({"/pipe"}), "0: Permission denied");
  ASSERT_EQ(::chmod((folder_ + "/pipe").c_str(), 0622), 0);
  EXPECT_EQ(reason({"/pipe"}), "");
}

TEST(RefusedCalls, FailForTheWholeProcess) {
  if (!can_limit_system_calls()) GTEST_SKIP() << "built without libseccomp";
  EXPECT_EQ(refused_call_name(SYS_execve), "execve");
  EXPECT_EQ(refused_call_name(SYS_read), "");
  const pid_t child = ::fork();
  if (child == 0) {
    if (!limit_system_calls(LimitedProcess::kRun, OnRefused::kError)) ::_exit(1);
    ::execl("/bin/true", "true", nullptr);
    ::_exit(errno == EPERM && ::setuid(0) != 0 && errno == EPERM ? 42 : 2);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 42);
}

}  // namespace
}  // namespace flowgauge
