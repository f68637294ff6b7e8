#include "core/host/offloads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_arp.h>

#include "core/host/interfaces.h"
#include "tests/live/own_namespace.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;

constexpr Offloads kEverything{.gro = true, .gro_hardware = true, .lro = true, .gso = true, .tso = true};
constexpr auto kBoth = WatchedTraffic::kBothDirections;
constexpr auto kIn = WatchedTraffic::kIngress;

Interface eth0(std::uint32_t gso_max_segments = 1) {
  return {.name = "eth0",
          .index = 2,
          .hardware_type = ARPHRD_ETHER,
          .up = true,
          .mtu = 1500,
          .gso_max_segments = gso_max_segments};
}

TEST(Offloads, LineNamesThoseThatAreOnAndMatter) {
  EXPECT_EQ(ethtool_line("eth0", kEverything, kBoth), "ethtool -K eth0 gro off gso off tso off lro off rx-gro-hw off");
  EXPECT_EQ(ethtool_line("eth0", kEverything, kIn), "ethtool -K eth0 gro off lro off rx-gro-hw off");
  EXPECT_EQ(ethtool_line("eth0", {.tso = true}, kBoth), "ethtool -K eth0 tso off");
  EXPECT_EQ(ethtool_line("eth0", {.tso = true}, kIn), "");
  EXPECT_EQ(ethtool_line("eth0", {}, kBoth), "");
  EXPECT_THAT(names_of(kEverything, kBoth), ElementsAre("gro", "gso", "tso", "lro", "rx-gro-hw"));
}

TEST(Offloads, WarningSaysWhatIsOnWhatItMeansAndTheLine) {
  EXPECT_EQ(offload_warning(eth0(), {.gro = true, .tso = true}, kBoth),
            "interface eth0 joins packets (gro, tso); a super-packet counts as one packet, with the length of all, so "
            "that counts, lengths and gaps are not those of the wire; turn it off with 'ethtool -K eth0 gro off tso "
            "off'");
  EXPECT_EQ(
      offload_warning(eth0(65535), {.gro = true}, kBoth),
      "interface eth0 joins packets (gro); a super-packet counts as one packet, with the length of all, so that "
      "counts, lengths and gaps are not those of the wire; turn it off with 'ethtool -K eth0 gro off', and for TCP "
      "that this host sends itself 'ip link set dev eth0 gso_max_segs 1'");
  EXPECT_EQ(offload_warning(eth0(65535), {}, kBoth),
            "interface eth0: TCP that this host sends itself is seen in super-packets; a super-packet counts as one "
            "packet, with the length of all, so that counts, lengths and gaps are not those of the wire; for single "
            "packets: 'ip link set dev eth0 gso_max_segs 1'");
}

TEST(Offloads, NoWarningWhereNothingIsOnThatMatters) {
  EXPECT_EQ(offload_warning(eth0(), {}, kBoth), "");
  EXPECT_EQ(offload_warning(eth0(65535), {.gso = true, .tso = true}, kIn), "");
}

TEST(Offloads, OfALoopbackInterfaceWhatGoesOutComesIn) {
  Interface loopback = eth0();
  loopback.hardware_type = ARPHRD_LOOPBACK;
  EXPECT_NE(offload_warning(loopback, {.tso = true}, kIn), "");
}

TEST(Offloads, KernelTellsThoseOfTheLoopbackInterface) {
  // It can always segment in software, which cannot be turned off there.
  const Result<Offloads> offloads = read_offloads("lo");
  ASSERT_TRUE(offloads) << offloads.error().message;
  EXPECT_FALSE(offloads->lro);
}

void turn_offloads_off_and_on() {
  ASSERT_TRUE(run_line("ip link add wa type veth peer name wb && ethtool -K wa gro on gso on tso on >/dev/null"));
  EXPECT_EQ(read_offloads("wa").value(), (Offloads{.gro = true, .gso = true, .tso = true}));
  EXPECT_NE(egress_line(find_interface("wa").value(), kBoth), "");

  ASSERT_TRUE(run_line(ethtool_line("wa", {.gro = true, .tso = true}, kBoth) + " >/dev/null"));
  EXPECT_EQ(read_offloads("wa").value(), (Offloads{.gso = true}));

  ASSERT_TRUE(run_line(egress_line(find_interface("wa").value(), kBoth)));
  EXPECT_EQ(egress_line(find_interface("wa").value(), kBoth), "");
  ASSERT_TRUE(run_line(ethtool_line("wa", {.gso = true}, kBoth) + " >/dev/null"));
  EXPECT_EQ(offload_warning(find_interface("wa").value(), read_offloads("wa").value(), kBoth), "");
}

TEST(Offloads, LinesOfTheWarningTurnThemOff) {
  if (!run_line("command -v ethtool >/dev/null")) GTEST_SKIP() << "ethtool is not installed";
  const InNamespace result = in_own_network_namespace(turn_offloads_off_and_on);
  if (result == InNamespace::kMayNot) GTEST_SKIP() << "no network namespace may be made here";
  EXPECT_EQ(result, InNamespace::kPassed);
}

TEST(Offloads, OfAnInterfaceThatIsNotThereAreAnError) {
  const Result<Offloads> offloads = read_offloads("no-such-if");
  ASSERT_FALSE(offloads);
  EXPECT_EQ(offloads.error().code, ExitCode::kInput);
  EXPECT_EQ(offloads.error().message, "interface no-such-if does not tell its offloads: No such device");
}

}  // namespace
}  // namespace flowgauge
