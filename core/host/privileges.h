// What each way of capturing needs, and the words for what is missing of it. Stateless.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/host/capabilities.h"
#include "core/host/capture_method.h"

namespace flowgauge {

inline constexpr CapabilitySet kEbpfCapabilities{Capability::kBpf, Capability::kPerfmon, Capability::kNetAdmin};
inline constexpr CapabilitySet kPcapCapabilities{Capability::kNetRaw};

// To attach a program that is loaded once more, and to remove the filter of clsact. CAP_SYS_ADMIN stands for CAP_BPF.
inline constexpr CapabilitySet kAttachCapabilities{Capability::kBpf, Capability::kNetAdmin};

// Of `needed`, what a process with `have` lacks. CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON.
[[nodiscard]] CapabilitySet missing_capabilities(CapabilitySet needed, CapabilitySet have);

// Ok if this process may capture so (kAuto: in some way), as far as capabilities tell. Else kPrivilege; the message
// names each capability that is missing and says how to get them.
[[nodiscard]] Result<void> check_privileges(CaptureMethod method);

// The same, for a given process. `program`: empty where it is not flowgauge.
[[nodiscard]] Result<void> check_privileges(CaptureMethod method, CapabilitySet have, std::string_view program);

// For a call that the kernel refused (EPERM, EACCES): what is missing or, if the capabilities are all there, what else
// refuses (a user namespace, seccomp, lockdown). `what` as "load the kernel program: Operation not permitted".
[[nodiscard]] Error privilege_error(CaptureMethod method, std::string_view what);

// Whether this process lives in a user namespace of its own, as in a rootless container: its capabilities then do not
// count for eBPF.
[[nodiscard]] bool in_user_namespace();

// /proc/self/exe, or "flowgauge" if that cannot be read.
[[nodiscard]] std::string program_path();

// "setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep PATH"
[[nodiscard]] std::string setcap_line(std::string_view program);

// "--cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN --cap-add NET_RAW"
inline constexpr std::string_view kContainerFlags =
    "--cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN --cap-add NET_RAW";

}  // namespace flowgauge
