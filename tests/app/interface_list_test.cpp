#include "core/app/interface_list.h"

#include <gtest/gtest.h>
#include <linux/if_arp.h>

#include <cerrno>

#include "core/host/privileges.h"

namespace flowgauge {
namespace {

constexpr Probe kThere{Answer::kYes, 0};

InterfaceFacts listed(const std::string& name, std::uint16_t hardware_type, bool up, const std::string& kind = "") {
  InterfaceFacts facts;
  facts.interface = {.name = name, .kind = kind, .hardware_type = hardware_type, .up = up};
  return facts;
}

HostFacts host_with_interfaces() {
  HostFacts facts;
  facts.kernel = {kThere, kThere, kThere, kThere, kThere, kThere, kThere};
  facts.ebpf_built = true;
  facts.capabilities = kEbpfCapabilities.with(kPcapCapabilities);
  facts.program = "/usr/bin/flowgauge";
  facts.interfaces = {listed("lo", ARPHRD_LOOPBACK, true), listed("eth0", ARPHRD_ETHER, true),
                      listed("eth1", ARPHRD_ETHER, false), listed("wg0", ARPHRD_NONE, true, "wireguard"),
                      listed("mon0", ARPHRD_IEEE80211_RADIOTAP, true)};
  return facts;
}

const AddressesByName kAddresses = {{"lo", {"127.0.0.1", "::1"}}, {"eth0", {"192.0.2.7"}}, {"wg0", {"10.0.0.1"}}};

TEST(InterfaceList, SaysOfEachHowItCouldBeCaptured) {
  EXPECT_EQ(interface_list(host_with_interfaces(), kAddresses),
            R"(interface  state  kind       capture by            addresses
lo         up     loopback   eBPF (TCX), libpcap   127.0.0.1, ::1
eth0       up     ethernet   eBPF (TCX), libpcap   192.0.2.7
eth1       down   ethernet   not while it is down
wg0        up     wireguard  eBPF (TCX), libpcap   10.0.0.1
mon0       up     type 803   libpcap
)");
}

TEST(InterfaceList, WithoutRightsForEbpfTheVerdictStandsBelow) {
  HostFacts facts = host_with_interfaces();
  facts.capabilities = kPcapCapabilities;
  facts.interfaces.resize(2);
  EXPECT_EQ(interface_list(facts, {}), R"(interface  state  kind      capture by  addresses
lo         up     loopback  libpcap
eth0       up     ethernet  libpcap
)" + diagnose(facts).verdict + "\n");
}

TEST(InterfaceList, WithoutAnyRightNothingCanBeCaptured) {
  HostFacts facts = host_with_interfaces();
  facts.capabilities = {};
  facts.kernel.packet_socket = {Answer::kNo, EPERM};
  facts.interfaces.resize(1);
  EXPECT_EQ(interface_list(facts, {}), R"(interface  state  kind      capture by    addresses
lo         up     loopback  no privilege
)" + diagnose(facts).verdict + "\n");
}

TEST(InterfaceList, OldKernelsHaveClsact) {
  HostFacts facts = host_with_interfaces();
  facts.kernel.tcx = {Answer::kNo, EINVAL};
  facts.interfaces.resize(1);
  EXPECT_EQ(interface_list(facts, {}), R"(interface  state  kind      capture by              addresses
lo         up     loopback  eBPF (clsact), libpcap
)");
}

TEST(InterfaceList, NamesOfStrangersSteerNoTerminal) {
  HostFacts facts = host_with_interfaces();
  facts.interfaces = {listed("a\x1b[2J", ARPHRD_ETHER, true)};
  EXPECT_EQ(interface_list(facts, {}).find('\x1b'), std::string::npos);
}

TEST(InterfaceList, TheExampleIsTheOneThatIsLikelyMeant) {
  const auto said = [](const HostFacts& facts) {
    const std::string text = missing_interface_text(facts, kAddresses);
    const std::size_t begin = text.find("'flowgauge") + 1;
    return text.substr(begin, text.find('\'', begin) - begin);
  };
  HostFacts facts = host_with_interfaces();
  EXPECT_EQ(said(facts), "flowgauge realtime eth0");
  facts.interfaces.erase(facts.interfaces.begin() + 1);
  EXPECT_EQ(said(facts), "flowgauge realtime wg0");
  facts.interfaces.erase(facts.interfaces.begin() + 2, facts.interfaces.end());
  EXPECT_EQ(said(facts), "flowgauge realtime lo");
  facts.interfaces.erase(facts.interfaces.begin());
  EXPECT_EQ(said(facts), "flowgauge realtime eth1 --wait");
  facts.interfaces.clear();
  EXPECT_EQ(said(facts), "flowgauge realtime eth0 --wait");
}

}  // namespace
}  // namespace flowgauge
