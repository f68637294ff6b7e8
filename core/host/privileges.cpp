#include "core/host/privileges.h"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/base/program_file.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

// "CAP_BPF", "CAP_BPF and CAP_PERFMON", "CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN"
std::string listed(CapabilitySet set) {
  std::vector<std::string> names = names_of(set);
  if (names.size() < 2) return join(names);
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {}", join(names), last);
}

// A process that has loaded the library is another program, whose file is not to be given any.
std::string remedy(std::string_view program) {
  if (program.empty())
    return fmt::format(
        "start this process with them (setpriv --ambient-caps, a service of systemd), give them to a "
        "container with '{}', or run it as root",
        kContainerFlags);
  return fmt::format("give them to the program with '{}', to a container with '{}', or run it as root",
                     setcap_line(program), kContainerFlags);
}

struct Missing {
  CapabilitySet ebpf, pcap;
};

std::string message_for(CaptureMethod method, const Missing& missing, std::string_view program) {
  switch (method) {
    case CaptureMethod::kEbpf:
      return fmt::format("capture with eBPF needs {}, which this process does not have; {}; {}", listed(missing.ebpf),
                         remedy(program),
                         missing.pcap.empty() ? "--capture pcap works with CAP_NET_RAW alone, which it has"
                                              : "--capture pcap would need CAP_NET_RAW alone");
    case CaptureMethod::kPcap:
      return fmt::format("capture with libpcap needs CAP_NET_RAW, which this process does not have; {}",
                         remedy(program));
    case CaptureMethod::kAuto:
      break;
  }
  return fmt::format(
      "live capture needs {} (with eBPF) or CAP_NET_RAW alone (with libpcap, --capture pcap), which this process does "
      "not have; {}",
      listed(missing.ebpf), remedy(program));
}

}  // namespace

CapabilitySet missing_capabilities(CapabilitySet needed, CapabilitySet have) {
  if (have.has(Capability::kSysAdmin)) have = have.with({Capability::kBpf, Capability::kPerfmon});
  return needed.without(have);
}

Result<void> check_privileges(CaptureMethod method, CapabilitySet have, std::string_view program) {
  const Missing missing{missing_capabilities(kEbpfCapabilities, have), missing_capabilities(kPcapCapabilities, have)};
  const bool ebpf = missing.ebpf.empty() && method != CaptureMethod::kPcap;
  const bool pcap = missing.pcap.empty() && method != CaptureMethod::kEbpf;
  if (ebpf || pcap) return {};
  return fail(ExitCode::kPrivilege, "{}", message_for(method, missing, program));
}

Result<void> check_privileges(CaptureMethod method) {
  return check_privileges(method, effective_capabilities(), is_part_of_program() ? program_path() : std::string());
}

Error privilege_error(CaptureMethod method, std::string_view what) {
  const Result<void> checked = check_privileges(method);
  if (!checked) return {ExitCode::kPrivilege, fmt::format("cannot {}: {}", what, checked.error().message)};
  const char* reason =
      in_user_namespace()
          ? "the capabilities are there, but those of a user namespace (a rootless container) do not count for this; "
            "run it outside"
          : "the capabilities are there, so something else refuses: seccomp of a container, a security module or "
            "kernel lockdown; 'flowgauge doctor' tells more";
  return {ExitCode::kPrivilege, fmt::format("cannot {}: {}", what, reason)};
}

bool in_user_namespace() {
  std::ifstream map("/proc/self/uid_map");
  std::uint64_t inside = 0, outside = 0, count = 0;
  if (!(map >> inside >> outside >> count)) return false;
  return inside != 0 || outside != 0 || count != UINT32_MAX;
}

std::string program_path() {
  std::error_code failed;
  const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? "flowgauge" : path.string();
}

std::string setcap_line(std::string_view program) {
  return fmt::format("setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep {}", shell_word(program));
}

}  // namespace flowgauge
