#include "core/app/host_facts.h"

#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "core/host/privileges.h"
#include "core/host/system_calls.h"
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

}  // namespace

HostFacts facts_of_host(const std::vector<Interface>& interfaces) {
  HostFacts facts;
  facts.kernel_release = kernel_release();
  facts.kernel = probe_kernel();
  facts.ebpf_built = ebpf_is_built();
  facts.has_btf = access("/sys/kernel/btf/vmlinux", R_OK) == 0;
  facts.unprivileged_bpf_disabled = unprivileged_bpf_disabled();
  facts.capabilities = effective_capabilities();
  facts.user_namespace = in_user_namespace();
  facts.limits_system_calls = can_limit_system_calls();
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

}  // namespace flowgauge
