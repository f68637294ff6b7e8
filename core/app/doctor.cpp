#include "core/app/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "core/base/text.h"
#include "core/host/privileges.h"
#include "core/live/live_source.h"
#include "core/text/json_text.h"

namespace flowgauge {
namespace {

constexpr CapabilitySet kAllCapabilities = kEbpfCapabilities.with(kPcapCapabilities);

// What stands against eBPF here, in the order in which it is to be put right; empty if nothing does.
std::string against_ebpf(const HostFacts& facts) {
  if (!facts.ebpf_built) {
    return "this program was built without its kernel program (clang, bpftool and libbpf-dev were missing)";
  }
  const auto checked = check_privileges(CaptureMethod::kEbpf, facts.capabilities, facts.program);
  if (!checked) return checked.error().message;
  const KernelSupport& kernel = facts.kernel;
  if (!kernel.program.yes() && facts.user_namespace) {
    return "eBPF may not be used from a user namespace (a rootless container), whatever its capabilities; run it "
           "outside";
  }
  if (!kernel.program.yes()) {
    return fmt::format(
        "the kernel refuses eBPF programs ({}) although the capabilities are there: seccomp of a container, a security "
        "module or kernel lockdown",
        std::strerror(kernel.program.error));
  }
  if (!kernel.ring_buffer.yes() || !kernel.mapped_maps.yes()) return "eBPF needs Linux 5.8 or later";
  if (!kernel.tcx.yes() && kernel.clsact.answer == Answer::kNo) {
    return "the kernel has neither TCX (Linux 6.6) nor clsact; try 'modprobe -a sch_ingress cls_bpf'";
  }
  return {};
}

class Checks {
 public:
  void add(CheckStatus status, std::string_view name, std::string text) {
    checks_.push_back({status, std::string(name), std::move(text)});
  }
  // A line of a probe: what it says if the answer is yes, no, or if it could not be asked.
  void add(const Probe& probe, CheckStatus otherwise, std::string_view name, std::string_view yes,
           std::string_view no) {
    if (probe.yes()) return add(CheckStatus::kOk, name, std::string(yes));
    if (probe.answer == Answer::kUnknown)
      return add(CheckStatus::kNote, name, "could not be tried with these privileges");
    add(otherwise, name, fmt::format("{} ({})", no, std::strerror(probe.error)));
  }
  std::vector<HostCheck> take() { return std::move(checks_); }

 private:
  std::vector<HostCheck> checks_;
};

void check_capabilities(const HostFacts& facts, Checks& checks) {
  const CapabilitySet missing = missing_capabilities(kAllCapabilities, facts.capabilities);
  const std::string has = join(names_of(kAllCapabilities.without(missing)));
  std::string text = has.empty() ? "none of those that capture needs" : has;
  if (!has.empty() && !missing.empty()) text += fmt::format("; not {}", join(names_of(missing)));
  if (facts.user_namespace) text += "; of a user namespace, where they do not count for eBPF";
  const bool enough = missing_capabilities(kEbpfCapabilities, facts.capabilities).empty();
  checks.add(enough ? CheckStatus::kOk : CheckStatus::kMissing, "capabilities", std::move(text));
}

void check_kernel(const HostFacts& facts, Checks& checks) {
  const KernelSupport& kernel = facts.kernel;
  checks.add(CheckStatus::kOk, "kernel", fmt::format("Linux {}", facts.kernel_release));
  check_capabilities(facts, checks);
  if (const auto disabled = facts.unprivileged_bpf_disabled) {
    checks.add(CheckStatus::kOk, "unprivileged",
               fmt::format("kernel.unprivileged_bpf_disabled is {}: {}", *disabled,
                           *disabled == 0 ? "open to all users in part, capture needs CAP_BPF all the same"
                                          : "eBPF needs CAP_BPF"));
  }
  if (!facts.ebpf_built) checks.add(CheckStatus::kMissing, "eBPF built", "not in this program");
  checks.add(kernel.program, CheckStatus::kMissing, "eBPF", "a program may be loaded", "no program may be loaded");
  checks.add(kernel.ring_buffer, CheckStatus::kMissing, "ring buffer", "there", "no ring buffer may be made");
  checks.add(kernel.mapped_maps, CheckStatus::kMissing, "mapped maps", "there", "no map may be made for user space");
  checks.add(kernel.tcx, CheckStatus::kNote, "TCX", "there", "not there: Linux 6.6 has it; clsact takes its place");
  checks.add(kernel.clsact, kernel.tcx.yes() ? CheckStatus::kNote : CheckStatus::kMissing, "clsact",
             kernel.tcx.yes() ? "there, not needed" : "there", "not there; try 'modprobe -a sch_ingress cls_bpf'");
  checks.add(kernel.packet_socket, CheckStatus::kNote, "libpcap", "may capture", "may not capture");
  if (!facts.limits_system_calls)
    checks.add(CheckStatus::kNote, "seccomp", "not in this program: a run is refused no system calls");
  checks.add(CheckStatus::kOk, "BTF", facts.has_btf ? "there, not needed" : "not there, not needed");
}

void check_clock(const HostFacts& facts, Checks& checks) {
  const std::string offset =
      facts.tai_offset_seconds
          ? fmt::format("TAI is {} s ahead of UTC{}", *facts.tai_offset_seconds,
                        *facts.tai_offset_seconds == 0 ? ", as nobody sets it, which does no harm" : "")
          : "the kernel does not tell TAI's offset";
  checks.add(facts.kernel.tai_clock, CheckStatus::kNote, "clock", fmt::format("programs read TAI; {}", offset),
             "programs read the monotonic clock: TAI needs Linux 6.1");
}

void check_memory(const HostFacts& facts, Checks& checks) {
  if (facts.rings == 0) return checks.add(CheckStatus::kOk, "cores", counted(facts.cores, "core"));
  const std::uint64_t needed = facts.rings * facts.ring_bytes;
  const bool enough = facts.available_bytes == 0 || needed <= facts.available_bytes / 2;
  checks.add(
      enough ? CheckStatus::kOk : CheckStatus::kWarning, "rings",
      fmt::format("{}: {} of {} by default; {} of memory is free{}", counted(facts.cores, "core"),
                  counted(facts.rings, "ring"), human_bytes(facts.ring_bytes), human_bytes(facts.available_bytes),
                  enough ? "" : "; fewer or smaller ones with --rings and --ring-size"));
}

// Who may take packets before a capture sees them; empty if nobody.
std::string takers_before(const InterfaceFacts& facts) {
  std::string text;
  if (facts.interface.xdp_program != 0)
    text += fmt::format("; the XDP program {} may take packets before they are seen", facts.interface.xdp_program);
  const auto add = [&](std::uint32_t programs, std::string_view direction) {
    if (programs != 0) text += fmt::format("; {} of tc before ours at {}", counted(programs, "program"), direction);
  };
  add(facts.before_ingress, "ingress");
  add(facts.before_egress, "egress");
  return text;
}

void check_interface(const InterfaceFacts& facts, Checks& checks) {
  const Interface& interface = facts.interface;
  if (!interface.up) {
    checks.add(CheckStatus::kWarning, interface.name,
               fmt::format("is down; set it up with 'ip link set dev {} up'", shell_word(interface.name)));
    return;
  }
  const std::string mtu = fmt::format("up, MTU {}, {}", interface.mtu,
                                      interface.promiscuity != 0 ? "promiscuous" : "not promiscuous until a run is");
  const std::string before = takers_before(facts);
  if (!facts.offloads)
    return checks.add(interface.xdp_program != 0 ? CheckStatus::kWarning : CheckStatus::kNote, interface.name,
                      mtu + "; does not tell its offloads" + before);
  constexpr auto kTraffic = WatchedTraffic::kBothDirections;
  const std::vector<std::string> on = names_of(*facts.offloads, kTraffic);
  std::string text = mtu;
  if (on.empty()) {
    text += ", no offload that joins packets";
  } else {
    text += fmt::format("; joins packets ({}), off with '{}'", join(on),
                        ethtool_line(interface.name, *facts.offloads, kTraffic));
  }
  if (const std::string line = egress_line(interface, kTraffic); !line.empty()) {
    text += fmt::format("; TCP of this host itself goes out in super-packets, off with '{}'", line);
  }
  const bool is_well = on.empty() && interface.xdp_program == 0;
  checks.add(is_well ? CheckStatus::kOk : CheckStatus::kWarning, interface.name, text + before);
}

void check_plugins(const HostFacts& facts, Checks& checks) {
  checks.add(facts.plugins > 0 ? CheckStatus::kOk : CheckStatus::kWarning, "plugins",
             facts.plugins > 0 ? fmt::format("{} found and trusted", facts.plugins)
                               : "none found; name a folder with --plugin-dir");
  for (const std::string& refusal : facts.plugin_refusals) checks.add(CheckStatus::kWarning, "plugin", refusal);
}

std::pair<WorkingMethod, std::string> verdict_of(const HostFacts& facts) {
  const std::string against = against_ebpf(facts);
  if (against.empty() && facts.kernel.tcx.yes()) return {WorkingMethod::kEbpfTcx, "eBPF with TCX works"};
  if (against.empty()) {
    return {WorkingMethod::kEbpfClsact, facts.kernel.clsact.yes()
                                            ? "eBPF with clsact works"
                                            : "eBPF with clsact should work; it could not be tried"};
  }
  if (pcap_works(facts))
    return {WorkingMethod::kPcap, fmt::format("libpcap works (--capture pcap or auto); {}", against)};
  if (!facts.ebpf_built) {
    const auto checked = check_privileges(CaptureMethod::kPcap, facts.capabilities, facts.program);
    if (!checked) return {WorkingMethod::kNone, fmt::format("nothing works; {}", checked.error().message)};
  }
  return {WorkingMethod::kNone, fmt::format("nothing works; {}", against)};
}

std::string_view name_of(CheckStatus status) {
  switch (status) {
    case CheckStatus::kOk:
      return "ok";
    case CheckStatus::kNote:
      return "note";
    case CheckStatus::kWarning:
      return "warning";
    case CheckStatus::kMissing:
      break;
  }
  return "missing";
}

std::string_view name_of(WorkingMethod method) {
  switch (method) {
    case WorkingMethod::kEbpfTcx:
      return "ebpf_tcx";
    case WorkingMethod::kEbpfClsact:
      return "ebpf_clsact";
    case WorkingMethod::kPcap:
      return "pcap";
    case WorkingMethod::kNone:
      break;
  }
  return "none";
}

}  // namespace

bool pcap_works(const HostFacts& facts) {
  return facts.capabilities.has_all(kPcapCapabilities) && facts.kernel.packet_socket.yes();
}

Diagnosis diagnose(const HostFacts& facts) {
  Checks checks;
  check_kernel(facts, checks);
  check_clock(facts, checks);
  check_memory(facts, checks);
  for (const InterfaceFacts& interface : facts.interfaces) check_interface(interface, checks);
  check_plugins(facts, checks);
  auto [method, verdict] = verdict_of(facts);
  return {checks.take(), method, std::move(verdict)};
}

std::string as_text(const Diagnosis& diagnosis) {
  std::size_t width = 0;
  for (const HostCheck& check : diagnosis.checks) width = std::max(width, check.name.size());
  std::string text;
  for (const HostCheck& check : diagnosis.checks) {
    text += fmt::format("{:<7}  {:<{}}  {}\n", name_of(check.status), check.name, width, check.text);
  }
  return text + diagnosis.verdict + "\n";
}

std::string as_json(const Diagnosis& diagnosis) {
  JsonText json;
  json.begin_object().text("method", name_of(diagnosis.method)).text("verdict", diagnosis.verdict);
  json.begin_array("checks");
  for (const HostCheck& check : diagnosis.checks) {
    json.begin_object().text("name", check.name).text("status", name_of(check.status)).text("text", check.text);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace flowgauge
