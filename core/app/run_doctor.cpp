// flowgauge doctor: what live capture has on this host, and what it lacks.
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>

#include "core/app/commands.h"
#include "core/app/doctor.h"
#include "core/app/standard_output.h"
#include "core/base/try.h"
#include "core/host/privileges.h"
#include "core/live/ebpf/ebpf_source.h"
#include "core/live/ebpf/programs_before.h"
#include "core/live/ebpf/ring_defaults.h"

namespace flowgauge {
namespace {

std::optional<int> tai_offset() {
  timex clock{};  // no modes: only asks
  if (adjtimex(&clock) < 0) return std::nullopt;
  return clock.tai;
}

// MemAvailable of /proc/meminfo; 0 if it is not told.
std::uint64_t available_bytes() {
  std::ifstream file("/proc/meminfo");
  for (std::string name, rest; file >> name && std::getline(file, rest);) {
    if (name == "MemAvailable:") return std::stoull(rest) * 1024;
  }
  return 0;
}

Result<std::vector<Interface>> chosen_interfaces(const std::vector<std::string>& names) {
  if (names.empty()) {
    Result<std::vector<Interface>> interfaces = list_interfaces();
    if (interfaces) std::erase_if(*interfaces, [](const Interface& interface) { return !interface.up; });
    return interfaces;
  }
  std::vector<Interface> interfaces;
  for (const std::string& name : names) {
    interfaces.push_back(TRY(find_interface(name)));
  }
  return interfaces;
}

HostFacts facts_of_host(const std::vector<Interface>& interfaces) {
  HostFacts facts;
  facts.kernel_release = kernel_release();
  facts.kernel = probe_kernel();
  facts.ebpf_built = ebpf_is_built();
  facts.has_btf = access("/sys/kernel/btf/vmlinux", R_OK) == 0;
  facts.unprivileged_bpf_disabled = unprivileged_bpf_disabled();
  facts.capabilities = effective_capabilities();
  facts.user_namespace = in_user_namespace();
  facts.program = program_path();
  facts.tai_offset_seconds = tai_offset();
  facts.cores = std::max(1U, std::thread::hardware_concurrency());
  facts.rings = default_ring_count(facts.cores);
  facts.ring_bytes = default_ring_bytes(facts.rings);
  facts.available_bytes = available_bytes();
  for (const Interface& interface : interfaces) {
    const Result<Offloads> offloads = read_offloads(interface.name);
    InterfaceFacts of{interface, offloads ? std::optional(*offloads) : std::nullopt};
    const AttachMethod method = facts.kernel.tcx.yes() ? AttachMethod::kTcx : AttachMethod::kClsact;
    of.before_ingress = programs_before(interface.index, TrafficDirection::kIngress, method);
    of.before_egress = programs_before(interface.index, TrafficDirection::kEgress, method);
    facts.interfaces.push_back(std::move(of));
  }
  return facts;
}

}  // namespace

ExitCode run_doctor(const DoctorCommand& command) {
  const Result<std::vector<Interface>> interfaces = chosen_interfaces(command.interfaces);
  if (!interfaces) return say_and_return(interfaces.error());
  HostFacts facts = facts_of_host(*interfaces);
  const auto plan = load_all_plugins(plugin_paths(command.plugins), facts.plugin_refusals);
  facts.plugins = plan->modules.modules().size();
  const Diagnosis diagnosis = diagnose(facts);
  const ExitCode written = write_standard_output(command.json ? as_json(diagnosis) : as_text(diagnosis));
  if (written != ExitCode::kOk) return written;
  return diagnosis.method == WorkingMethod::kNone ? ExitCode::kPrivilege : ExitCode::kOk;
}

}  // namespace flowgauge
