#include "core/app/key_flags.h"

#include <algorithm>

namespace flowgauge {
namespace {

constexpr KeyFlag kKeyFlags[] = {
    {"flow.active_timeout", "S",
     "End a flow this long after its first packet. S is in seconds, or has a unit, as in 250ms or 2m. 0: never "
     "(default: 3600)"},
    {"flow.idle_timeout", "S", "End a flow this long after its last packet. 0: never (default: 120)"},
    {"flow.early_export", "S",
     "Write a row of a flow that goes on, a snapshot, each time it has become older by S. 0: never (default: 0)"},
    {"flow.clock_jump", "S",
     "Do not advance the clock to a packet that is more than S ahead of it. The third such packet in a row advances "
     "it. Three packets in a row that are so far behind set it back (default: 600)"},
    {"flow.flow_key", "PARTS",
     "The fields that identify a flow: full (addresses, ports, protocol, VLAN, tunnel), no_vlan (full without the "
     "VLAN, for captures that tag one direction only) or five_tuple (addresses, ports, protocol) (default: full)"},
    {"flow.direction", "RULE",
     "Which host is the source: role (the one that sent the SYN or was sent the SYN-ACK, else the one that sent first) "
     "or first_packet (the one that sent first) (default: role)"},
    {"flow.continuation", "RULE",
     "What the packets after a timeout make: inherit (a further segment of the flow, with the same source) or fresh (a "
     "new flow) (default: inherit)"},
    {"flow.tcp_close", "RULE",
     "What FINs or an RST do: linger (the flow waits for late packets) or immediate (the flow ends at once) (default: "
     "linger)"},
    {"flow.tcp_reuse", "RULE",
     "What a new connection does on the ports of a TCP flow that has not ended: split (it starts a new flow) or merge "
     "(it continues the flow) (default: split)"},
    {"flow.linger", "S", "How long a closed TCP flow waits for late packets (default: 5)"},
    {"flow.max_flows", "N",
     "The most flows in memory. When they are reached, the flow that has been idle for the longest time ends (default: "
     "1000000)"},
    {"flow.hash_seed", "N",
     "The seed of the hash that assigns flows to partitions: a whole number or auto. auto is fixed for files and "
     "random for live capture (default: auto)"},
    {"packets.decapsulate", "LAYER",
     "Which packet of a tunnel makes the flow: inner (the encapsulated one) or outer (the one that carries it) "
     "(default: inner)"},
    {"packets.fragments", "RULE",
     "What happens to IP fragments without ports: join (they belong to the flow of their first fragment) or drop (they "
     "are ignored) (default: join)"},
    {"packets.udp_payload", "RULE",
     "Where UDP payload ends: datagram (as the UDP length says) or packet (at the end of the IP packet) (default: "
     "datagram)"},
    {"packets.vxlan_ports", "LIST", "UDP ports of VXLAN, separated by commas (default: 4789,8472)", SettingForm::kList},
    {"packets.geneve_ports", "LIST", "UDP ports of GENEVE, separated by commas (default: 6081)", SettingForm::kList},
    {"packets.gtpu_ports", "LIST", "UDP ports of GTP-U, separated by commas (default: 2152)", SettingForm::kList},
    {"packets.l2tpv3_cookie", "BYTES", "Length of the L2TPv3 cookie in bytes: 0, 4 or 8 (default: 0)"},
    {"packets.protocols", "LIST", "Only packets of these IP protocols, as in tcp,udp or 6,17 (default: all)",
     SettingForm::kList},
    {"packets.filter", "EXPR",
     "Only frames that match this filter, in the language of tcpdump. Live, it needs capture by libpcap, which auto "
     "then chooses"},
    {"threads", "N",
     "Number of worker threads, from 1 to 256, or auto. The rows are the same for any number (default: auto)"},
    {"labels.file", "PATH", "Append label columns, by the rules in this CSV or YAML file", SettingForm::kText,
     "--labels"},
    {"trial.time", "S",
     "The most time to load a plugin, or to create a feature, in the trial before a run. 0: any (default: 10)",
     SettingForm::kText, "--trial-time"},
    {"trial.memory", "SIZE", "The most memory of the trial before a run, as in 8GiB. 0: any (default: 4GiB)",
     SettingForm::kText, "--trial-memory"},
    {"live.ingress_only", "", "Only incoming packets. On lo this is always so"},
    {"live.merge_interfaces", "",
     "Let a flow span several interfaces. Without it, each interface has flows of its own"},
    {"live.promiscuous", "", "Do not capture packets that are addressed to other hosts", SettingForm::kText,
     "--no-promiscuous", "false"},
    {"live.wait", "", "Start without interfaces that do not exist yet, and capture on them when they appear"},
    {"live.until_down", "", "Stop when no interface is up any more. Without it, the run waits until one is up again"},
    {"live.stats_interval", "S",
     "Say at this interval what each interface has received and lost. 0: never (default: 0). With --stats, it is the "
     "interval of the lines, and 0 is 10 s"},
    {"live.user", "NAME",
     "Continue as this user if started as root. This user writes all files. root: stay root (default: flowgauge, if "
     "that user exists and may write the files)"},
    {"live.seccomp", "", "Do not restrict system calls. For debugging", SettingForm::kText, "--no-seccomp", "false"},
    {"monitor.stats", "PATH",
     "Write the state of the run to this file while it lasts, a line of JSON each --stats-interval. -: standard "
     "output"},
    {"monitor.metrics", "ADDRESS",
     "Serve http://ADDRESS during the run: /metrics for Prometheus, /healthz, and / for a browser. A port alone, as in "
     "9464, is on 127.0.0.1"},
    {"live.capture", "METHOD",
     "How packets are captured: ebpf, pcap (libpcap) or auto, which is eBPF where the kernel loads it (default: auto)"},
    {"live.attach", "METHOD",
     "How the eBPF program is attached: tcx, clsact or auto, the first of them that the kernel has (default: auto)"},
    {"live.rings", "N", "Number of ring buffers, each with a worker thread: a power of 2, or auto (default: auto)"},
    {"live.ring_size", "SIZE",
     "Memory of each ring buffer, as in 32MiB: a power of 2 from 64KiB to 2GiB, or auto (default: auto)"},
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
