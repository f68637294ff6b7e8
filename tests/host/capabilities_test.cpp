#include "core/host/capabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace flowgauge {
namespace {

using testing::ElementsAre;

TEST(Capabilities, AreASet) {
  constexpr CapabilitySet both{Capability::kBpf, Capability::kNetRaw};
  EXPECT_TRUE(both.has(Capability::kBpf));
  EXPECT_FALSE(both.has(Capability::kPerfmon));
  EXPECT_TRUE(both.has_all({Capability::kNetRaw}));
  EXPECT_FALSE(CapabilitySet({Capability::kNetRaw}).has_all(both));
  EXPECT_EQ(both.without({Capability::kBpf}), CapabilitySet{Capability::kNetRaw});
  EXPECT_TRUE(both.without(both).empty());
  EXPECT_THAT(names_of(both.with({Capability::kNetAdmin, Capability::kPerfmon})),
              ElementsAre("CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN", "CAP_NET_RAW"));
}

// The kernel's own account, as hexadecimal digits: "CapEff", "CapPrm", "CapInh", "CapAmb".
std::uint64_t in_status(const std::string& name) {
  std::ifstream status("/proc/thread-self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoull(line.substr(name.size() + 1), nullptr, 16);
  }
  return UINT64_MAX;
}

TEST(Capabilities, EffectiveOnesAreThoseThatTheKernelTells) {
  EXPECT_EQ(effective_capabilities().bits(), in_status("CapEff"));
}

enum class Step { kDone, kDropFailed, kWrongLeft, kGotBack, kNewPrivileges, kUnbounded };

Step drop_all_but(CapabilitySet keep) {
  const CapabilitySet before = effective_capabilities();
  if (!drop_capabilities(keep)) return Step::kDropFailed;
  const std::uint64_t left = before.bits() & keep.with({Capability::kDacOverride}).bits();
  if (in_status("CapEff") != left || in_status("CapPrm") != left) return Step::kWrongLeft;
  if (in_status("CapInh") != 0 || in_status("CapAmb") != 0) return Step::kWrongLeft;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return Step::kNewPrivileges;
  if (before.has(Capability::kSetpcap) && in_status("CapBnd") != 0) return Step::kUnbounded;
  // What was given up can be given up again, and does not come back.
  if (!drop_capabilities(before) || in_status("CapEff") != left) return Step::kGotBack;
  return Step::kDone;
}

// In a child: there is no way back.
Step in_child(CapabilitySet keep) {
  const pid_t child = fork();
  if (child == 0) _exit(static_cast<int>(drop_all_but(keep)));
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<Step>(WEXITSTATUS(status)) : Step::kDropFailed;
}

TEST(Capabilities, AreGivenUpForGood) {
  EXPECT_EQ(in_child({}), Step::kDone);
  EXPECT_EQ(in_child({Capability::kNetAdmin}), Step::kDone);
}

TEST(Capabilities, AProgramThatIsExecutedDoesNotGetThemBack) {
  if (!effective_capabilities().has(Capability::kNetAdmin)) GTEST_SKIP() << "has no capabilities to give up";
  const pid_t child = fork();
  if (child == 0) {
    if (!drop_capabilities({})) _exit(1);
    // CAP_NET_ADMIN is bit 12: the fifth digit from the end is odd where it is there.
    execlp("sh", "sh", "-c", "grep -q '^CapEff:.*[02468ace]...$' /proc/self/status", nullptr);
    _exit(2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace flowgauge
