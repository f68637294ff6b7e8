#include "core/host/link_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/live/own_namespace.h"

namespace flowgauge {
namespace {

using testing::IsEmpty;

TEST(LinkCounters, OfSoftnetTheSecondNumberOfEachProcessorCounts) {
  EXPECT_EQ(softnet_dropped_in("0000272d 00000000 00000001 00000000\n000034d9 000000ff 00000000 00000002\n"
                               "00000001 0000000a 00000000\n"),
            265U);
  EXPECT_EQ(softnet_dropped_in(""), std::nullopt);
  EXPECT_EQ(softnet_dropped_in("0001 xyz\n"), std::nullopt);
  EXPECT_TRUE(read_softnet_dropped());
}

TEST(LinkCounters, ACounterThatWentBackBeganAgain) {
  const LinkCounters before{.interface = "a", .rx_packets = 10, .rx_dropped = 5};
  const LinkCounters now{.interface = "a", .rx_packets = 12, .rx_dropped = 2};
  const LinkCounters more = counted_since(before, now);
  EXPECT_EQ(more.rx_packets, 2U);
  EXPECT_EQ(more.rx_dropped, 2U);
}

void watch_a_cable() {
  ASSERT_TRUE(
      run_line("ip link add wa type veth peer name wb && ip link set wa up && ip link set wb up && ip address add "
               "10.9.9.1/24 dev wa"));
  const std::array<std::string, 2> names = {"wa", "late"};
  LinkCounterWatch watch;
  const std::uint64_t at_first = watch.read(names).front().tx_packets;
  EXPECT_EQ(watch.read(names).size(), 1U) << "late is not there";
  ASSERT_TRUE(run_line("ip neighbour add 10.9.9.2 lladdr 02:00:00:00:00:09 dev wa"));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(run_line("bash -c 'echo 12345678 > /dev/udp/10.9.9.2/9'"));
  const std::vector<LinkCounters> sent = watch.read(names);
  EXPECT_GE(sent[0].tx_packets, at_first + 3);
  EXPECT_GE(sent[0].tx_bytes, 3 * 51U);
  ASSERT_TRUE(run_line("ip link set wa down && ip link set wa name renamed && ip link set renamed up"));
  EXPECT_GE(watch.read(names)[0].tx_packets, sent[0].tx_packets) << "it is followed whatever it is called";
  ASSERT_TRUE(run_line(
      "ip link del renamed && ip link add wa type veth peer name late && ip link set wa up && ip link set late up"));
  const std::vector<LinkCounters> again = watch.read(names);
  ASSERT_EQ(again.size(), 2U);
  EXPECT_GE(again[0].tx_packets, sent[0].tx_packets) << "the new one goes on";
  EXPECT_EQ(again[1].interface, "late");
}

TEST(LinkCounters, FollowAnInterface) {
  const InNamespace result = in_own_network_namespace(watch_a_cable);
  if (result == InNamespace::kMayNot) GTEST_SKIP() << "no network namespace may be made here";
  EXPECT_EQ(result, InNamespace::kPassed);
}

}  // namespace
}  // namespace flowgauge
