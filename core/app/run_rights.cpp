#include "core/app/run_rights.h"

#include <unistd.h>

#include <optional>

#include "core/app/refused_call.h"
#include "core/app/supervisor.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/host/capabilities.h"
#include "core/host/privileges.h"
#include "core/host/run_user.h"
#include "core/host/system_calls.h"

namespace flowgauge {
namespace {

constexpr CapabilitySet kToChange{Capability::kSetuid, Capability::kSetgid};

// Until it is attached, and what giving up the rest needs. CAP_SYS_ADMIN where it stands for others.
CapabilitySet kept_for_capture() {
  const CapabilitySet have = effective_capabilities();
  const CapabilitySet kept = kEbpfCapabilities.with(kPcapCapabilities).with({Capability::kSetpcap});
  return have.has_all({Capability::kBpf, Capability::kPerfmon}) ? kept : kept.with({Capability::kSysAdmin});
}

Result<void> stay_root() { return decide_rights(nullptr); }

Result<void> go_on_as(const std::string& name, const UserIds& ids) {
  TRY(begin_to_become(ids));
  TRY(decide_rights(&ids));
  TRY(become(ids, kept_for_capture()));
  end_with_supervisor();
  log_info("goes on as user {}", printable(name));
  return {};
}

// Who is not root has no other user to become.
Result<void> check_own_user(const std::string& name) {
  const auto found = TRY(find_user(name));
  if (found && found->user == ::geteuid()) return {};
  return fail(ExitCode::kPrivilege, "--user {}: only root can go on as another user; start the run as root or as {}",
              printable(name), printable(name));
}

Result<void> take_default(std::span<const std::string> files) {
  const auto found = TRY(find_user(kDefaultUser));
  if (!found || found->user == 0 || !effective_capabilities().has_all(kToChange)) return stay_root();
  const auto unwritable = TRY(find_unwritable(*found, files));
  if (!unwritable) return go_on_as(kDefaultUser, *found);
  log_warning("stays root, since user {} could not write {}: {}; write where they may, or say --user root",
              kDefaultUser, printable(files[unwritable->file]), unwritable->reason);
  return stay_root();
}

Result<void> take_chosen(const std::string& name, std::span<const std::string> files) {
  const auto found = TRY(find_user(name));
  if (!found)
    return fail(ExitCode::kUsage, "--user {}: there is no such user; make one (useradd --system {}) or name another",
                printable(name), printable(name));
  if (found->user == 0) return stay_root();
  if (!effective_capabilities().has_all(kToChange))
    return fail(ExitCode::kPrivilege,
                "--user {}: to become another user needs CAP_SETUID and CAP_SETGID, which this process does not have; "
                "add them, or say --user root",
                printable(name));
  if (const auto unwritable = TRY(find_unwritable(*found, files)))
    return fail(ExitCode::kOutput,
                "--user {}: could not write {}: {}; give them the folder (chown {}), or write elsewhere",
                printable(name), printable(files[unwritable->file]), unwritable->reason, printable(name));
  return go_on_as(name, *found);
}

}  // namespace

Result<void> take_user(const ProfileLive& live, std::span<const std::string> files) {
  if (::geteuid() != 0) return live.user.empty() ? Result<void>() : check_own_user(live.user);
  return live.user.empty() ? take_default(files) : take_chosen(live.user, files);
}

void take_system_calls(const ProfileLive& live) {
  if (!live.seccomp) return;
  install_refused_call_handler();
  const auto limited = limit_system_calls(LimitedProcess::kRun, OnRefused::kSignal);
  if (!limited) log_warning("{}; the run goes on without", limited.error().message);
}

}  // namespace flowgauge
