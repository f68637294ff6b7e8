// Judges what was found out about a host: which way of live capture works there, and what to do for a better one.
// Pure: host_facts.h gathers the facts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/host/capabilities.h"
#include "core/host/interfaces.h"
#include "core/host/kernel_probe.h"
#include "core/host/offloads.h"

namespace flowgauge {

struct InterfaceFacts {
  Interface interface;
  std::optional<Offloads> offloads;  // nothing where the driver does not tell
  std::uint32_t before_ingress = 0;  // programs and filters of tc that see a packet before the one of a run would
  std::uint32_t before_egress = 0;
};

struct HostFacts {
  std::string kernel_release;
  KernelSupport kernel;
  bool ebpf_built = false;  // this program contains the kernel program
  bool has_btf = false;
  std::optional<int> unprivileged_bpf_disabled;
  CapabilitySet capabilities;
  bool user_namespace = false;
  bool limits_system_calls = true;  // this build can
  std::string program;              // its path
  std::optional<int> tai_offset_seconds;
  std::uint32_t cores = 0;
  std::uint32_t rings = 0;  // by default on this host
  std::uint64_t ring_bytes = 0;
  std::uint64_t available_bytes = 0;  // memory; 0: not told
  std::vector<InterfaceFacts> interfaces;
  std::size_t plugins = 0;  // found, trusted and loaded
  std::vector<std::string> plugin_refusals;
};

enum class CheckStatus { kOk, kNote, kWarning, kMissing };

struct HostCheck {
  CheckStatus status = CheckStatus::kOk;
  std::string name;
  std::string text;
};

enum class WorkingMethod { kNone, kPcap, kEbpfClsact, kEbpfTcx };

struct Diagnosis {
  std::vector<HostCheck> checks;
  WorkingMethod method = WorkingMethod::kNone;
  std::string verdict;  // what works, and what to do if that is not the best
};

[[nodiscard]] Diagnosis diagnose(const HostFacts& facts);

// Whether libpcap may capture here, beside the method that is best.
[[nodiscard]] bool pcap_works(const HostFacts& facts);

[[nodiscard]] std::string as_text(const Diagnosis& diagnosis);
[[nodiscard]] std::string as_json(const Diagnosis& diagnosis);

}  // namespace flowgauge
