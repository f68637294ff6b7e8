#include "core/plugin/access_list.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

#include "core/plugin/trust.h"
#include "tests/plugin/temporary_folder.h"

namespace flowgauge {
namespace {

struct NamedEntry {
  std::uint16_t tag, permissions;
  std::uint32_t id;
};

std::vector<std::uint8_t> list_of(std::initializer_list<NamedEntry> entries) {
  std::vector<std::uint8_t> bytes = {2, 0, 0, 0};
  for (const NamedEntry& entry : entries) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&entry);
    bytes.insert(bytes.end(), begin, begin + sizeof entry);
  }
  return bytes;
}

constexpr std::uint32_t kNobodyNamed = 0xffffffff;
constexpr uid_t kReader = 4'000'000;

// rw for the owner, `permissions` for user 4000001 and group 4000002, behind a mask.
std::vector<std::uint8_t> usual_list(std::uint16_t user, std::uint16_t group, std::uint16_t mask) {
  return list_of({{1, 6, kNobodyNamed},
                  {2, user, 4'000'001},
                  {4, 4, kNobodyNamed},
                  {8, group, 4'000'002},
                  {16, mask, kNobodyNamed},
                  {32, 4, kNobodyNamed}});
}

TEST(AccessList, NamesWhoMayWriteBehindTheMask) {
  EXPECT_EQ(distrust_list(usual_list(6, 4, 6), kReader), "can be written by user 4000001 (its access list)");
  EXPECT_EQ(distrust_list(usual_list(4, 6, 6), kReader), "can be written by group 4000002 (its access list)");
  EXPECT_EQ(distrust_list(usual_list(4, 4, 6), kReader), "");
  EXPECT_EQ(distrust_list(usual_list(6, 6, 4), kReader), "");
  EXPECT_EQ(distrust_list(usual_list(6, 4, 6), 4'000'001), "") << "the user's own program";
}

TEST(AccessList, WhatIsNoListIsNotTrusted) {
  EXPECT_EQ(distrust_list({}, kReader), "has an access list that cannot be read");
  EXPECT_EQ(distrust_list(std::vector<std::uint8_t>{2, 0, 0, 0, 1}, kReader), "has an access list that cannot be read");
}

TEST(AccessList, OfAFileAndAFolderDecides) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "a.so";
  test::write_text(path, "x");
  const auto list = usual_list(6, 4, 6);
  if (::setxattr(path.c_str(), "system.posix_acl_access", list.data(), list.size(), 0) != 0)
    GTEST_SKIP() << "this file system has no access lists";
  ASSERT_EQ(::chown(path.c_str(), static_cast<uid_t>(-1), 0), 0);
  const auto file = open_trusted(path, TrustRule::kOwnedFiles);
  ASSERT_FALSE(file);
  EXPECT_TRUE(file.error().message.starts_with(path + ": can be written by user 4000001 (its access list), so that"))
      << file.error().message;
  ASSERT_EQ(::removexattr(path.c_str(), "system.posix_acl_access"), 0);
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_TRUE(open_trusted(path, TrustRule::kOwnedFiles));
  ASSERT_EQ(::setxattr(folder.path().c_str(), "system.posix_acl_access", list.data(), list.size(), 0), 0);
  ASSERT_EQ(::chown(folder.path().c_str(), static_cast<uid_t>(-1), 0), 0);
  const auto below = open_trusted(path, TrustRule::kOwnedFiles);
  ASSERT_FALSE(below);
  EXPECT_TRUE(below.error().message.starts_with(path + ": the folder " + folder.path() +
                                                " above it can be written by user 4000001 (its access list), so that"))
      << below.error().message;
}

}  // namespace
}  // namespace flowgauge
