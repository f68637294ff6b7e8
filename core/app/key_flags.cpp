#include "core/app/key_flags.h"

#include <algorithm>

namespace flowgauge {
namespace {

constexpr KeyFlag kKeyFlags[] = {
    {"flow.active_timeout", "S",
     "End a flow this long after its first packet; seconds, or with a unit as 250ms or 2m; 0: never (default: 3600)"},
    {"flow.idle_timeout", "S", "End a flow this long after its last packet; 0: never (default: 120)"},
    {"flow.early_export", "S", "Write a snapshot of a flow each time it is this much older; 0: none (default)"},
    {"flow.clock_jump", "S",
     "A packet this far ahead of the clock does not move it, unless it is the third in a row; three so far behind set "
     "it "
     "back (default: 600)"},
    {"flow.flow_key", "PARTS",
     "What tells two flows apart: full (addresses, ports, protocol, VLAN, tunnel; default), no_vlan (full without the "
     "VLAN: for captures that tag one direction only) or five_tuple (addresses, ports, protocol)"},
    {"flow.direction", "RULE",
     "Which side is the source: role (who sent the SYN, or was sent the SYN-ACK; else who sent first; default) or "
     "first_packet (who sent first)"},
    {"flow.continuation", "RULE",
     "What follows a timeout: inherit (the rest is a further segment with the same source; default) or fresh (the rest "
     "is a new flow)"},
    {"flow.tcp_close", "RULE",
     "What follows FINs or a RST: linger (the flow waits for late packets; default) or immediate (its row is due at "
     "once)"},
    {"flow.tcp_reuse", "RULE",
     "What another connection on the ports of a TCP flow does that has not ended: split (it begins a flow; default) or "
     "merge (it goes on in the same one)"},
    {"flow.linger", "S", "How long a closed TCP flow waits for late packets (default: 5)"},
    {"flow.max_flows", "N",
     "So many flows at one time at most: when they are full, the one that was silent longest ends (default: 1000000)"},
    {"flow.hash_seed", "N",
     "Deal flows into partitions by this seed: a whole number, or auto: fixed for files, live a random one (default)"},
    {"packets.decapsulate", "LAYER",
     "Of tunnels, which packet makes the flow: inner (the one inside; default) or outer (the one that carries it)"},
    {"packets.fragments", "RULE",
     "Of fragments without ports: join (they are of their first fragment's flow; default) or drop (they are ignored)"},
    {"packets.udp_payload", "RULE",
     "Where UDP payload ends: datagram (where the UDP length says; default) or packet (where the IP packet ends)"},
    {"packets.vxlan_ports", "LIST", "UDP ports of VXLAN, with commas between them (default: 4789,8472)",
     SettingForm::kList},
    {"packets.geneve_ports", "LIST", "UDP ports of GENEVE (default: 6081)", SettingForm::kList},
    {"packets.gtpu_ports", "LIST", "UDP ports of GTP-U (default: 2152)", SettingForm::kList},
    {"packets.l2tpv3_cookie", "BYTES", "How long the cookie of L2TPv3 is: 0 (default), 4 or 8"},
    {"packets.protocols", "LIST", "Only these IP protocols, as tcp,udp or 6,17 (default: all)", SettingForm::kList},
    {"packets.filter", "EXPR",
     "Only frames that match, in the language of tcpdump; live, libpcap takes the packets then"},
    {"threads", "N", "How many flow workers; the rows are the same for any number"},
    {"labels.file", "PATH", "Add label columns by the rules of this CSV or YAML file", SettingForm::kText, "--labels"},
    {"trial.time", "S",
     "How long a plugin may take to be loaded, or a feature to be created, in the trial before a run (default: 10); 0: "
     "any",
     SettingForm::kText, "--trial-time"},
    {"trial.memory", "SIZE", "How much memory the trial before a run may take, as 8GiB (default: 4GiB); 0: any",
     SettingForm::kText, "--trial-memory"},
    {"live.ingress_only", "", "Only packets that come in; of lo always"},
    {"live.merge_interfaces", "",
     "One flow may use several interfaces; without it, each interface has flows of its own"},
    {"live.promiscuous", "", "Not the packets that are addressed to other hosts", SettingForm::kText,
     "--no-promiscuous", "false"},
    {"live.wait", "", "Begin without interfaces that are not there yet, and take them when they come"},
    {"live.until_down", "", "Stop when no interface is up any more; without it the run waits for them"},
    {"live.stats_interval", "S",
     "Say this often what each interface has seen and lost (0: never), or with --stats write a line (0: each 10 s)"},
    {"live.user", "NAME",
     "Started as root, go on as this user, who writes all files; root: stay root (default: flowgauge, if there is such "
     "a user and they may write the files)"},
    {"live.seccomp", "", "Refuse no system calls, for debugging", SettingForm::kText, "--no-seccomp", "false"},
    {"monitor.stats", "PATH",
     "Write what the run does while it lasts into this file, a line of JSON each --stats-interval; -: standard output"},
    {"monitor.metrics", "ADDRESS",
     "Answer at http://ADDRESS while the run lasts: /metrics for Prometheus, /healthz, and / for a browser; a port, as "
     "9464, "
     "is on 127.0.0.1"},
    {"live.capture", "METHOD", "ebpf, pcap (libpcap), or auto: eBPF where it may be loaded (default)"},
    {"live.attach", "METHOD", "How eBPF is attached: tcx, clsact, or auto: the first that the kernel has (default)"},
    {"live.rings", "N", "How many rings, each with a worker: a power of 2, or auto (default)"},
    {"live.ring_size", "SIZE", "Memory of each ring, as 32MiB: a power of 2 from 64KiB to 2GiB, or auto (default)"},
};

constexpr auto is_rule = [](const KeyFlag& flag) {
  return flag.key.starts_with("flow.") || flag.key.starts_with("packets.");
};
constexpr std::size_t kRules = std::ranges::count_if(kKeyFlags, is_rule);
static_assert(std::ranges::all_of(std::span(kKeyFlags).first(kRules), is_rule), "rules stand first");

}  // namespace

std::span<const KeyFlag> key_flags() { return kKeyFlags; }

std::span<const KeyFlag> rule_flags() { return key_flags().first(kRules); }

std::string flag_name(const KeyFlag& flag) {
  if (!flag.name.empty()) return std::string(flag.name);
  std::string name = "--";
  name += flag.key.substr(flag.key.find('.') + 1);  // of "threads" all
  std::ranges::replace(name, '_', '-');
  return name;
}

}  // namespace flowgauge
