#include "core/host/capabilities.h"

#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "core/base/try.h"

namespace flowgauge {
namespace {

struct Sets {
  std::uint64_t effective = 0, permitted = 0;
};

// The system call itself: libcap would be a dependency for two calls.
using Words = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

std::optional<Sets> read_sets() noexcept {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  Words words{};
  if (syscall(SYS_capget, &header, words.data()) != 0) return std::nullopt;
  return Sets{words[0].effective | (std::uint64_t{words[1].effective} << 32),
              words[0].permitted | (std::uint64_t{words[1].permitted} << 32)};
}

bool write_sets(std::uint64_t bits) noexcept {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  Words words{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i].effective = words[i].permitted = static_cast<std::uint32_t>(bits >> (32 * i));
  }
  return syscall(SYS_capset, &header, words.data()) == 0;
}

constexpr std::array<std::pair<Capability, const char*>, 10> kNames = {{
    {Capability::kBpf, "CAP_BPF"},
    {Capability::kPerfmon, "CAP_PERFMON"},
    {Capability::kNetAdmin, "CAP_NET_ADMIN"},
    {Capability::kNetRaw, "CAP_NET_RAW"},
    {Capability::kSysAdmin, "CAP_SYS_ADMIN"},
    {Capability::kDacOverride, "CAP_DAC_OVERRIDE"},
    {Capability::kKill, "CAP_KILL"},
    {Capability::kSetgid, "CAP_SETGID"},
    {Capability::kSetuid, "CAP_SETUID"},
    {Capability::kSetpcap, "CAP_SETPCAP"},
}};

}  // namespace

std::vector<std::string> names_of(CapabilitySet set) {
  std::vector<std::string> names;
  for (const auto& [capability, name] : kNames) {
    if (set.has(capability)) names.emplace_back(name);
  }
  return names;
}

CapabilitySet effective_capabilities() {
  const std::optional<Sets> sets = read_sets();
  return CapabilitySet::of_bits(sets ? sets->effective : 0);
}

Result<void> reduce_capabilities(CapabilitySet keep) {
  const std::optional<Sets> sets = read_sets();
  // Inheritable and ambient ones go too: write_sets leaves them empty.
  if (sets && write_sets(sets->permitted & keep.bits())) return {};
  return fail(ExitCode::kPrivilege, "cannot give up capabilities: {}", std::strerror(errno));
}

void seal_capabilities() noexcept {
  const std::optional<Sets> sets = read_sets();
  if (!sets || !CapabilitySet::of_bits(sets->effective).has(Capability::kSetpcap)) return;
  for (unsigned long capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; ++capability) {
  }
  constexpr unsigned long kLocked = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP_LOCKED |
                                    SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
                                    SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
  prctl(PR_SET_SECUREBITS, kLocked, 0, 0, 0);
}

namespace {

Result<void> keep_only(CapabilitySet kept) {
  seal_capabilities();
  TRY(reduce_capabilities(kept));
  // Without it, root would get all of them back by executing a program.
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail(ExitCode::kPrivilege, "cannot give up capabilities: no_new_privs: {}", std::strerror(errno));
  }
  return {};
}

}  // namespace

Result<void> drop_capabilities(CapabilitySet keep) { return keep_only(keep.with({Capability::kDacOverride})); }

Result<void> drop_all_capabilities() { return keep_only({}); }

int lose_all_capabilities() noexcept {
  seal_capabilities();
  if (!write_sets(0)) return errno;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

}  // namespace flowgauge
