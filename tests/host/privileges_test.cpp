#include "core/host/privileges.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/live/live_source.h"

namespace flowgauge {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr CapabilitySet kAll = kEbpfCapabilities.with(kPcapCapabilities);
constexpr CapabilitySet kNone;

std::string message(CaptureMethod method, CapabilitySet have) {
  const Result<void> checked = check_privileges(method, have, "/usr/bin/flowgauge");
  if (checked) return "";
  EXPECT_EQ(checked.error().code, ExitCode::kPrivilege);
  return checked.error().message;
}

TEST(Privileges, EachMethodNeedsItsOwn) {
  const std::vector<CapabilitySet> of_ebpf = {{Capability::kBpf}, {Capability::kPerfmon}, {Capability::kNetAdmin}};
  EXPECT_EQ(message(CaptureMethod::kEbpf, kEbpfCapabilities), "");
  EXPECT_EQ(message(CaptureMethod::kPcap, kPcapCapabilities), "");
  EXPECT_EQ(message(CaptureMethod::kAuto, kEbpfCapabilities), "");
  EXPECT_EQ(message(CaptureMethod::kAuto, kPcapCapabilities), "");
  for (const CapabilitySet one : of_ebpf) {
    EXPECT_NE(message(CaptureMethod::kEbpf, kAll.without(one)), "");
    EXPECT_EQ(message(CaptureMethod::kAuto, kAll.without(one)), "") << "libpcap is left";
    EXPECT_NE(message(CaptureMethod::kAuto, kEbpfCapabilities.without(one)), "");
  }
  EXPECT_NE(message(CaptureMethod::kPcap, kEbpfCapabilities), "");
}

TEST(Privileges, SysAdminStandsForBpfAndPerfmonAlone) {
  EXPECT_EQ(missing_capabilities(kAll, {Capability::kSysAdmin}),
            (CapabilitySet{Capability::kNetAdmin, Capability::kNetRaw}));
}

TEST(Privileges, MessageNamesWhatIsMissingAndHowToGetIt) {
  EXPECT_EQ(
      message(CaptureMethod::kEbpf, {Capability::kBpf, Capability::kNetRaw}),
      "capture with eBPF needs CAP_PERFMON and CAP_NET_ADMIN, which this process does not have; give them to the "
      "program with 'setcap cap_bpf,cap_perfmon,cap_net_admin,cap_net_raw+ep /usr/bin/flowgauge', to a container "
      "with '--cap-add BPF --cap-add PERFMON --cap-add NET_ADMIN --cap-add NET_RAW', or run it as root; --capture "
      "pcap works with CAP_NET_RAW alone, which it has");
  EXPECT_THAT(message(CaptureMethod::kEbpf, kNone),
              testing::AllOf(HasSubstr("needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN, which"),
                             HasSubstr("--capture pcap would need CAP_NET_RAW alone")));
  EXPECT_THAT(message(CaptureMethod::kEbpf, kAll.without({Capability::kBpf})),
              testing::AllOf(HasSubstr("needs CAP_BPF, which"), Not(HasSubstr("CAP_PERFMON"))));
  EXPECT_THAT(message(CaptureMethod::kPcap, kNone),
              testing::AllOf(HasSubstr("capture with libpcap needs CAP_NET_RAW, which"), Not(HasSubstr("CAP_BPF")),
                             HasSubstr("setcap cap_bpf,")));
  EXPECT_EQ(check_privileges(CaptureMethod::kPcap, kNone, "").error().message,
            "capture with libpcap needs CAP_NET_RAW, which this process does not have; start this process with them "
            "(setpriv --ambient-caps, a service of systemd), give them to a container with '--cap-add BPF --cap-add "
            "PERFMON --cap-add NET_ADMIN --cap-add NET_RAW', or run it as root")
      << "Python is not to be given any";
  EXPECT_THAT(message(CaptureMethod::kAuto, {Capability::kBpf, Capability::kNetAdmin}),
              HasSubstr("needs CAP_PERFMON (with eBPF) or CAP_NET_RAW alone (with libpcap, --capture pcap), which"));
}

TEST(Privileges, PathIsQuotedForAShell) {
  EXPECT_THAT(setcap_line("/opt/a b/it's"), testing::EndsWith("+ep '/opt/a b/it'\\''s'"));
  EXPECT_THAT(setcap_line("/usr/bin/flowgauge"), testing::EndsWith("+ep /usr/bin/flowgauge"));
}

}  // namespace
}  // namespace flowgauge
