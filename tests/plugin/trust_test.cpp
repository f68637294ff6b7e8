// Whose files are loaded, and what becomes of things that are no files.
#include "core/plugin/trust.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/plugin/temporary_folder.h"
#include "tests/support/collected_log.h"
#include "tests/support/nobody.h"

namespace flowgauge {
namespace {

using test::TemporaryFolder;

// Groups and users beyond those of any system, so that the user database has no say.
constexpr uid_t kUser = 4'000'000;
constexpr uid_t kOther = 4'000'001;
constexpr const char* kWhatToDo =
    ", so that others could run code with your rights; let only root or yourself own and write it (chown, chmod go-w), "
    "or accept the risk with --insecure-plugins";

struct stat status_of(mode_t mode, uid_t user, gid_t group) {
  struct stat status {};
  status.st_mode = mode;
  status.st_uid = user;
  status.st_gid = group;
  return status;
}

std::string refusal(const std::string& path) {
  const auto file = open_trusted(path, TrustRule::kOwnedFiles);
  return file ? "none" : file.error().message;
}

TEST(Trust, OwnersAndModes) {
  struct Case {
    const char* name;
    mode_t mode;
    uid_t owner;
    gid_t group;
    std::string expected;
  };
  const Case cases[] = {
      {"the user's", S_IFREG | 0755, kUser, kUser, ""},
      {"root's", S_IFREG | 0644, 0, 0, ""},
      {"another's", S_IFREG | 0755, kOther, kUser, "is owned by user 4000001"},
      {"another's, read-only", S_IFREG | 0444, kOther, kUser, "is owned by user 4000001"},
      {"everybody's to write", S_IFREG | 0646, kUser, kUser, "can be written by everybody"},
      {"root's, everybody's to write", S_IFREG | 0666, 0, 0, "can be written by everybody"},
      {"a group's to write", S_IFREG | 0664, kUser, kOther, "can be written by group 4000001"},
      {"root's group's to write", S_IFREG | 0664, kUser, 0, ""},
      {"a sticky folder", S_IFDIR | S_ISVTX | 0777, 0, 0, ""},
      {"another's sticky folder", S_IFDIR | S_ISVTX | 0777, kOther, 0, "is owned by user 4000001"},
      {"an open folder", S_IFDIR | 0777, 0, 0, "can be written by everybody"},
      {"a sticky file", S_IFREG | S_ISVTX | 0666, 0, 0, "can be written by everybody"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(distrust(status_of(one.mode, one.owner, one.group), kUser), one.expected) << one.name;
}

TEST(Trust, WhoCanWriteWhatRunsAlreadyIsTrusted) {
  const CodeWriters code{.users = {kOther}, .groups = {kOther}};
  EXPECT_EQ(distrust(status_of(S_IFREG | 0755, kOther, kUser), kUser, code), "");
  EXPECT_EQ(distrust(status_of(S_IFREG | 0775, kUser, kOther), kUser, code), "");
  EXPECT_EQ(distrust(status_of(S_IFDIR | 0775, kOther, kOther), kUser, code), "");
  EXPECT_EQ(distrust(status_of(S_IFREG | 0777, kOther, kOther), kUser, code), "can be written by everybody");
  EXPECT_EQ(distrust(status_of(S_IFREG | 0755, kOther + 1, 0), kUser, code), "is owned by user 4000002");
  EXPECT_EQ(distrust(status_of(S_IFREG | 0775, kUser, kOther + 1), kUser, code), "can be written by group 4000002");
}

// The writers of a file are those of all folders above it, too: who can rename can replace.
TEST(Trust, WritersOfCode) {
  const TemporaryFolder folder;
  const std::string inner = folder / "inner";
  const std::string file = inner + "/program";
  ASSERT_EQ(::mkdir(inner.c_str(), 0755), 0);
  std::ofstream(file) << "code";
  const CodeWriters before = writers_of(file);
  EXPECT_TRUE(before.has_user(0));  // the root folder's
  EXPECT_TRUE(before.has_user(::geteuid()));
  EXPECT_FALSE(before.has_group(kOther));
  EXPECT_TRUE(writers_of(folder / "nothing").users.empty());
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(::chown(inner.c_str(), kOther, kOther), 0);
  EXPECT_TRUE(writers_of(file).has_user(kOther));
  EXPECT_FALSE(writers_of(file).has_group(kOther)) << "it may not write";
  ASSERT_EQ(::chmod(inner.c_str(), 0775), 0);
  EXPECT_TRUE(writers_of(file).has_group(kOther));
  ASSERT_EQ(::chmod(inner.c_str(), 01777), 0);
  EXPECT_FALSE(writers_of(file).has_group(kOther)) << "of a sticky folder it can replace nothing";
}

TEST(Trust, WhatIsNoFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(refusal(folder / "a.so"), folder / "a.so" + ": does not exist; check the name and the folder");
  EXPECT_EQ(refusal(folder.path()), folder.path() + ": is a folder, not a regular file; give the plugin's .so file");
  ASSERT_EQ(::mkfifo((folder / "pipe.so").c_str(), 0600), 0);
  EXPECT_EQ(refusal(folder / "pipe.so"),
            folder / "pipe.so" + ": is a named pipe, not a regular file; give the plugin's .so file");
  EXPECT_EQ(refusal("/dev/null"), "/dev/null: is a device, not a regular file; give the plugin's .so file");
  std::filesystem::create_symlink(folder / "nowhere", folder / "dangling.so");
  EXPECT_EQ(refusal(folder / "dangling.so"),
            folder / "dangling.so" + ": does not exist; check the name and the folder");
  std::filesystem::create_symlink(folder / "ring.so", folder / "ring.so");
  EXPECT_EQ(refusal(folder / "ring.so"),
            folder / "ring.so" +
                ": cannot be opened (Too many levels of symbolic links); make it readable for the user that runs "
                "flowgauge");
}

TEST(Trust, AnUnreadableFile) {
  const TemporaryFolder folder;
  test::write_text(folder / "a.so", "x");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod((folder / "a.so").c_str(), 0), 0);
  const test::AsNobody nobody;
  EXPECT_EQ(
      refusal(folder / "a.so"),
      folder / "a.so" + ": cannot be opened (Permission denied); make it readable for the user that runs flowgauge");
}

TEST(Trust, TheModeDecides) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.so";
  test::write_text(path, "x");
  EXPECT_EQ(refusal(path), "none");
  ASSERT_EQ(::chmod(path.c_str(), 0646), 0);
  EXPECT_EQ(refusal(path), path + ": can be written by everybody" + kWhatToDo);
}

TEST(Trust, FoldersAboveDecideToo) {
  const TemporaryFolder folder;
  const std::string open = folder / "open";
  std::filesystem::create_directories(open + "/below");
  test::write_text(open + "/below/a.so", "x");
  EXPECT_EQ(refusal(open + "/below/a.so"), "none");
  ASSERT_EQ(::chmod(open.c_str(), 0777), 0);
  EXPECT_EQ(refusal(open + "/below/a.so"),
            open + "/below/a.so: the folder " + open + " above it can be written by everybody" + kWhatToDo);
  ASSERT_EQ(::chmod(open.c_str(), 01777), 0);
  EXPECT_EQ(refusal(open + "/below/a.so"), "none");
}

TEST(Trust, ALinkIsJudgedByWhatItLeadsTo) {
  const TemporaryFolder folder;
  const std::string real = folder / "real.so";
  test::write_text(real, "x");
  std::filesystem::create_symlink(real, folder / "link.so");
  EXPECT_EQ(refusal(folder / "link.so"), "none");
  ASSERT_EQ(::chmod(real.c_str(), 0666), 0);
  EXPECT_EQ(refusal(folder / "link.so"),
            folder / "link.so" + ": is really " + real + ", which can be written by everybody" + kWhatToDo);
}

TEST(Trust, AForeignOwnerIsRefused) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const TemporaryFolder folder;
  const std::string path = folder / "a.so";
  test::write_text(path, "x");
  ASSERT_EQ(::chown(path.c_str(), 4'000'000, 0), 0);
  EXPECT_EQ(refusal(path), path + ": is owned by user 4000000" + kWhatToDo);
  std::filesystem::create_symlink(path, folder / "link.so");
  EXPECT_EQ(refusal(folder / "link.so"),
            folder / "link.so" + ": is really " + path + ", which is owned by user 4000000" + kWhatToDo);
}

TEST(Trust, AtTheUsersRisk) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.so";
  test::write_text(path, "abc");
  ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  CollectedLog log;
  const LogScope scope(&log);
  const auto file = open_trusted(path, TrustRule::kAnyFile);
  EXPECT_EQ(
      log.lines(),
      "warning: " + path + ": can be written by everybody; loaded all the same, since --insecure-plugins was given\n");
  ASSERT_TRUE(file);
  const auto bytes = read_all(*file);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, (std::vector<std::uint8_t>{'a', 'b', 'c'}));
  // What is no file at all is not a risk to take.
  EXPECT_FALSE(open_trusted(folder.path(), TrustRule::kAnyFile));
}

// The descriptor is what counts: exchanging the name afterwards changes nothing.
TEST(Trust, TheOpenedFileIsTheOneThatIsRead) {
  const TemporaryFolder folder;
  test::write_text(folder / "a.so", "good");
  const auto file = open_trusted(folder / "a.so", TrustRule::kOwnedFiles);
  ASSERT_TRUE(file);
  test::write_text(folder / "b.so", "evil");
  std::filesystem::rename(folder / "b.so", folder / "a.so");
  const auto bytes = read_all(*file);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(std::string(bytes->begin(), bytes->end()), "good");
}

}  // namespace
}  // namespace flowgauge
