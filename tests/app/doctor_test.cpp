#include "core/app/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_arp.h>

#include <cerrno>
#include <string>

#include "core/host/privileges.h"

namespace flowgauge {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr Probe kYes{Answer::kYes, 0};
constexpr Probe kRefused{Answer::kNo, EPERM};
constexpr Probe kNotThere{Answer::kNo, EINVAL};
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

Interface interface(const std::string& name) {
  return {.name = name, .index = 2, .hardware_type = ARPHRD_ETHER, .up = true, .mtu = 1500, .gso_max_segments = 1};
}

// A host on which everything is as it should be.
HostFacts good_host() {
  HostFacts facts;
  facts.kernel_release = "6.12.0";
  facts.kernel = {kYes, kYes, kYes, kYes, kYes, kYes, kYes};
  facts.ebpf_built = true;
  facts.has_btf = true;
  facts.unprivileged_bpf_disabled = 2;
  facts.capabilities = kEbpfCapabilities.with(kPcapCapabilities);
  facts.program = "/usr/bin/flowgauge";
  facts.tai_offset_seconds = 37;
  facts.cores = 8;
  facts.rings = 4;
  facts.ring_bytes = 32 * kMiB;
  facts.available_bytes = 4096 * kMiB;
  facts.interfaces = {{interface("eth0"), Offloads{}}};
  facts.plugins = 19;
  return facts;
}

// A container without rights, on an old kernel.
HostFacts poor_host() {
  HostFacts facts = good_host();
  facts.kernel_release = "5.4.0";
  facts.kernel = {kRefused, {}, {}, kRefused, kRefused, {}, kRefused};
  facts.has_btf = false;
  facts.unprivileged_bpf_disabled = 0;
  facts.capabilities = {};
  facts.tai_offset_seconds.reset();
  facts.rings = 2;
  facts.cores = 1;
  facts.available_bytes = 100 * kMiB;
  facts.interfaces = {{interface("eth0"), Offloads{.gro = true, .tso = true}}, {interface("tun0"), std::nullopt}};
  facts.interfaces[0].interface.gso_max_segments = 65535;
  facts.interfaces.push_back({interface("eth1"), Offloads{}});
  facts.interfaces[2].interface.up = false;
  facts.plugins = 0;
  facts.plugin_refusals = {"/opt/x.so: can be written by everybody"};
  return facts;
}

TEST(Doctor, GoodHost) {
  EXPECT_EQ(as_text(diagnose(good_host())), R"(ok       kernel        Linux 6.12.0
ok       capabilities  CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN, CAP_NET_RAW
ok       unprivileged  kernel.unprivileged_bpf_disabled is 2: eBPF needs CAP_BPF
ok       eBPF          a program may be loaded
ok       ring buffer   there
ok       mapped maps   there
ok       TCX           there
ok       clsact        there, not needed
ok       libpcap       may capture
ok       BTF           there, not needed
ok       clock         programs read TAI; TAI is 37 s ahead of UTC
ok       rings         8 cores: 4 rings of 32.0 MiB by default; 4.0 GiB of memory is free
ok       eth0          up, MTU 1500, not promiscuous until a run is, no offload that joins packets
ok       plugins       19 found and trusted
eBPF with TCX works
)");
}

TEST(Doctor, PoorHost) {
  EXPECT_EQ(as_text(diagnose(poor_host())), R"(ok       kernel        Linux 5.4.0
missing  capabilities  none of those that capture needs
ok       unprivileged  kernel.unprivileged_bpf_disabled is 0: open to all users in part, capture needs CAP_BPF all the same
missing  eBPF          no program may be loaded (Operation not permitted)
missing  ring buffer   no ring buffer may be made (Operation not permitted)
missing  mapped maps   no map may be made for user space (Operation not permitted)
note     TCX           could not be tried with these privileges
note     clsact        could not be tried with these privileges
note     libpcap       may not capture (Operation not permitted)
ok       BTF           not there, not needed
note     clock         could not be tried with these privileges
warning  rings         1 core: 2 rings of 32.0 MiB by default; 100.0 MiB of memory is free; fewer or smaller ones with --rings and --ring-size
warning  eth0          up, MTU 1500, not promiscuous until a run is; joins packets (gro, tso), off with 'ethtool -K eth0 gro off tso off'; TCP of this host itself goes out in super-packets, off with 'ip link set dev eth0 gso_max_segs 1'
note     tun0          up, MTU 1500, not promiscuous until a run is; does not tell its offloads
warning  eth1          is down; set it up with 'ip link set dev eth1 up'
warning  plugins       none found; name a folder with --plugin-dir
warning  plugin        /opt/x.so: can be written by everybody
nothing works; capture with eBPF needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, which this process does not have; give them to the program with 'setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep /usr/bin/flowgauge', to a container with '--cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN --cap-add NET_RAW', or run it as root; --capture pcap would need CAP_NET_RAW alone
)");
}

TEST(Doctor, WhoTakesPacketsBeforeIsSaidAndNamesAreOfTheShell) {
  HostFacts facts = good_host();
  facts.interfaces[0].interface.promiscuity = 2;
  facts.interfaces[0].interface.xdp_program = 12;
  facts.interfaces[0].before_egress = 1;
  facts.interfaces.push_back({interface("a;b"), Offloads{.gro = true}});
  facts.interfaces.push_back({interface("$(c)"), Offloads{}});
  facts.interfaces[2].interface.up = false;
  EXPECT_THAT(
      as_text(diagnose(facts)),
      HasSubstr(
          "warning  eth0          up, MTU 1500, promiscuous, no offload that joins packets; the XDP program 12 may "
          "take "
          "packets before they are seen; 1 program of tc before ours at egress\n"
          "warning  a;b           up, MTU 1500, not promiscuous until a run is; joins packets (gro), off with 'ethtool "
          "-K 'a;b' gro off'\n"
          "warning  $(c)          is down; set it up with 'ip link set dev '$(c)' up'\n"));
}

TEST(Doctor, AsJson) {
  HostFacts facts = good_host();
  facts.interfaces.clear();
  const std::string json = as_json(diagnose(facts));
  EXPECT_THAT(json, StartsWith(R"({
  "method": "ebpf_tcx",
  "verdict": "eBPF with TCX works",
  "checks": [
    {
      "name": "kernel",
      "status": "ok",
      "text": "Linux 6.12.0"
    },
)"));
}

struct Case {
  const char* name;
  void (*change)(HostFacts& facts);
  WorkingMethod method;
  const char* verdict;  // how it begins
};

const Case kCases[] = {
    {"no TCX", [](HostFacts& facts) { facts.kernel.tcx = kNotThere; }, WorkingMethod::kEbpfClsact,
     "eBPF with clsact works"},
    {"no TCX, clsact not tried", [](HostFacts& facts) { facts.kernel.tcx = kNotThere, facts.kernel.clsact = {}; },
     WorkingMethod::kEbpfClsact, "eBPF with clsact should work; it could not be tried"},
    {"no hook", [](HostFacts& facts) { facts.kernel.tcx = facts.kernel.clsact = kNotThere; }, WorkingMethod::kPcap,
     "libpcap works (--capture pcap or auto); the kernel has neither TCX (Linux 6.6) nor clsact; try 'modprobe -a"},
    {"one capability is missing",
     [](HostFacts& facts) { facts.capabilities = facts.capabilities.without({Capability::kPerfmon}); },
     WorkingMethod::kPcap, "libpcap works (--capture pcap or auto); capture with eBPF needs CAP_PERFMON, which"},
    {"CAP_NET_RAW is missing",
     [](HostFacts& facts) { facts.capabilities = kEbpfCapabilities, facts.kernel.packet_socket = kRefused; },
     WorkingMethod::kEbpfTcx, "eBPF with TCX works"},
    {"refused in spite of capabilities", [](HostFacts& facts) { facts.kernel.program = kRefused; },
     WorkingMethod::kPcap, "libpcap works (--capture pcap or auto); the kernel refuses eBPF programs (Operation not"},
    {"a user namespace", [](HostFacts& facts) { facts.kernel.program = kRefused, facts.user_namespace = true; },
     WorkingMethod::kPcap, "libpcap works (--capture pcap or auto); eBPF may not be used from a user namespace"},
    {"an old kernel", [](HostFacts& facts) { facts.kernel.ring_buffer = kNotThere; }, WorkingMethod::kPcap,
     "libpcap works (--capture pcap or auto); eBPF needs Linux 5.8 or later"},
    {"not built", [](HostFacts& facts) { facts.ebpf_built = false; }, WorkingMethod::kPcap,
     "libpcap works (--capture pcap or auto); this program was built without its kernel program"},
    {"not built, no CAP_NET_RAW",
     [](HostFacts& facts) {
       facts.ebpf_built = false;
       facts.capabilities = kEbpfCapabilities;
       facts.kernel.packet_socket = kRefused;
     },
     WorkingMethod::kNone, "nothing works; capture with libpcap needs CAP_NET_RAW, which"},
    {"everything refused", [](HostFacts& facts) { facts.kernel.program = facts.kernel.packet_socket = kRefused; },
     WorkingMethod::kNone, "nothing works; the kernel refuses eBPF programs"},
};

TEST(Doctor, VerdictNamesTheBestThatWorksAndWhatStandsAgainstABetterOne) {
  for (const Case& test : kCases) {
    HostFacts facts = good_host();
    test.change(facts);
    const Diagnosis diagnosis = diagnose(facts);
    EXPECT_EQ(diagnosis.method, test.method) << test.name;
    EXPECT_THAT(diagnosis.verdict, StartsWith(test.verdict)) << test.name;
  }
}

}  // namespace
}  // namespace flowgauge
