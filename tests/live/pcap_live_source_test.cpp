// Live capture through libpcap, on wires of the test's own. Needs to be root.
#include "core/live/pcap/pcap_live_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/live/live_clock.h"
#include "tests/live/veth_pair.h"
#include "tests/support/frame_builder.h"

namespace flowgauge::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr std::int64_t kPatienceNs = 20'000'000'000;  // for what must come; nothing waits so long otherwise

Bytes udp(std::uint16_t src_port, std::uint32_t payload_bytes = 20) {
  return frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(src_port, 53).payload(payload_bytes).bytes();
}

class PcapLiveSource : public testing::Test {
 protected:
  void SetUp() override {
    if (!wire.what_is_missing().empty()) GTEST_SKIP() << wire.what_is_missing();
    options.parse = packet_parse_defaults();
    options.interfaces = {"near0"};
  }

  void open() {
    auto opened = open_pcap_live_source(options);
    ASSERT_TRUE(opened) << opened.error().message;
    source = std::move(*opened);
  }

  // Until so many events are there, or kEnd.
  SourceState read(std::size_t events) {
    const std::int64_t until_ns = boot_time_ns() + kPatienceNs;
    SourceState state = SourceState::kMore;
    while (ports.size() < events && state == SourceState::kMore && boot_time_ns() < until_ns) {
      state = source->read(0, block);
      EXPECT_EQ(block.events.size(), block.frames.size());
      for (std::size_t i = 0; i < block.events.size(); ++i) {
        ports.push_back(block.events[i].src_port);
        indices.push_back(block.events[i].key_interface);
        frames.push_back(block.frames[i]);
      }
    }
    return state;
  }

  // Until one more event is there. Linux gives an interface its queue some time after its peer is up, and drops what is
  // sent before.
  void read_while_sending(const std::string& interface, const Bytes& frame) {
    const std::size_t before = ports.size();
    const std::int64_t until_ns = boot_time_ns() + kPatienceNs;
    while (ports.size() == before && boot_time_ns() < until_ns) {
      wire.send(interface, frame);
      ASSERT_EQ(source->read(0, block), SourceState::kMore);
      for (const auto& event : block.events) {
        ports.push_back(event.src_port);
        indices.push_back(event.key_interface);
      }
    }
    ASSERT_GT(ports.size(), before);
  }

  VethPair wire;
  LiveOptions options;
  std::unique_ptr<LiveSource> source;
  EventBlock block;
  std::vector<std::uint16_t> ports;
  std::vector<std::uint32_t> indices;
  std::vector<std::uint64_t> frames;
};

TEST_F(PcapLiveSource, GivesWhatComesInTheOrderItComes) {
  open();
  const std::int64_t begin_ns = wall_time_ns();
  for (std::uint16_t port = 1; port <= 5; ++port) wire.send("far0", udp(port, 100));
  read(5);
  EXPECT_THAT(ports, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(indices, ElementsAre(0, 0, 0, 0, 0)) << "of one interface alone nothing is said";
  EXPECT_THAT(frames, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_GE(block.events.back().timestamp_ns, begin_ns);
  EXPECT_LE(block.events.back().timestamp_ns, wall_time_ns());
  EXPECT_EQ(block.events.back().ip_length_bytes, 128U);
  EXPECT_EQ(block.events.back().payload_captured_bytes, 0U);
  EXPECT_TRUE(block.payload_begin.empty());
  EXPECT_EQ(block.ring_drops, 0U);
}

TEST_F(PcapLiveSource, BothDirectionsAreSeenUnlessOneIsAskedFor) {
  open();
  wire.send("near0", udp(1));
  wire.send("far0", udp(2));
  read(2);
  EXPECT_THAT(ports, ElementsAre(1, 2));
  EXPECT_EQ(source->counters().front().direction, TrafficDirection::kBoth);

  ports.clear();
  options.ingress_only = true;
  open();
  wire.send("near0", udp(3));
  wire.send("far0", udp(4));
  read(1);
  EXPECT_THAT(ports, ElementsAre(4));
  EXPECT_EQ(source->counters().front().direction, TrafficDirection::kIngress);
}

TEST_F(PcapLiveSource, AQuietWireMovesTheClock) {
  open();
  const std::int64_t begin_ns = wall_time_ns();
  const std::int64_t until_ns = boot_time_ns() + kPatienceNs;
  while (block.clock_ns < begin_ns && boot_time_ns() < until_ns) {
    ASSERT_EQ(source->read(0, block), SourceState::kMore);
    EXPECT_TRUE(block.events.empty());
    ASSERT_NE(block.clock_ns, kNoClock);
    EXPECT_LE(block.clock_ns, wall_time_ns() - kLiveClockLagNs);
  }
  EXPECT_GE(block.clock_ns, begin_ns);
}

TEST_F(PcapLiveSource, EveryFrameIsCountedByReason) {
  options.filter = "not port 9";
  open();
  wire.send("far0", udp(1));
  wire.send("far0", udp(9));
  wire.send("far0", frame().eth().ipv4("10.0.0.1", "10.0.0.2").length(5).udp(1, 2).bytes());
  wire.send("far0", udp(2));
  read(2);
  EXPECT_THAT(ports, ElementsAre(1, 2));
  ASSERT_EQ(source->counters().size(), 1U);
  const LiveCounters counters = source->counters().front();
  EXPECT_EQ(counters.interface, "near0");
  EXPECT_EQ(counters.seen, 4U);
  EXPECT_EQ(counters.by_reason[PACKET_ACCEPTED], 2U);
  EXPECT_EQ(counters.by_reason[PACKET_FILTERED], 1U);
  EXPECT_EQ(counters.by_reason[PACKET_MALFORMED_IP], 1U);
  EXPECT_EQ(counters.ring_full + counters.lost_before, 0U);
  EXPECT_FALSE(counters.super_packets) << "libpcap tells nothing of them";
}

TEST_F(PcapLiveSource, PayloadComesAsFarAsItIsWanted) {
  options.bytes.payload_bytes = 4;
  open();
  wire.send("far0", udp(1, 10));
  wire.send("far0", udp(2, 2));
  std::vector<std::vector<std::uint8_t>> payloads;
  while (payloads.size() < 2) {
    ASSERT_EQ(source->read(0, block), SourceState::kMore);
    for (std::size_t i = 0; i < block.events.size(); ++i) {
      const auto begin = block.payload.begin() + block.payload_begin[i];
      payloads.emplace_back(begin, begin + block.events[i].payload_captured_bytes);
    }
  }
  EXPECT_THAT(payloads, ElementsAre(ElementsAre(0, 1, 2, 3), ElementsAre(0, 1)));
}

TEST_F(PcapLiveSource, LaterFragmentsFindTheirPorts) {
  open();
  wire.send("far0", frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(0, true).udp(99, 53).payload(8).bytes());
  wire.send("far0", frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(16, false).next(17).payload(8).bytes());
  read(2);
  EXPECT_THAT(ports, ElementsAre(99, 99));
}

TEST_F(PcapLiveSource, SeveralInterfacesAreToldApartUnlessMerged) {
  options.interfaces = {"near0", "near1"};
  open();
  wire.send("far1", udp(1));
  read(1);
  wire.send("far0", udp(2));
  read(2);
  EXPECT_THAT(ports, ElementsAre(1, 2));
  EXPECT_THAT(indices, ElementsAre(2, 1));
  ASSERT_EQ(source->counters().size(), 2U);
  EXPECT_EQ(source->counters()[0].interface, "near0");
  EXPECT_EQ(source->counters()[1].seen, 1U);

  indices.clear();
  ports.clear();
  options.merge_interfaces = true;
  open();
  wire.send("far1", udp(1));
  wire.send("far0", udp(2));
  read(2);
  EXPECT_THAT(indices, ElementsAre(0, 0));
}

TEST_F(PcapLiveSource, WhatCameBeforeTheStopIsRead) {
  open();
  for (std::uint16_t port = 1; port <= 3; ++port) wire.send("far0", udp(port));
  source->stop();
  wire.send("far0", udp(4));
  EXPECT_EQ(read(SIZE_MAX), SourceState::kEnd);
  EXPECT_THAT(ports, ElementsAre(1, 2, 3));
  EXPECT_EQ(source->counters().front().seen, 3U);
}

TEST_F(PcapLiveSource, ItsOnlyInterfaceMayGoAndComeAgain) {
  open();
  wire.send("far0", udp(1));
  read(1);
  wire.remove("near0");
  EXPECT_EQ(source->watch(), Sight::kAllLost);
  ASSERT_EQ(source->read(0, block), SourceState::kMore);
  EXPECT_TRUE(block.events.empty());
  wire.make("near0", "far0");
  EXPECT_EQ(source->watch(), Sight::kSees);
  read_while_sending("far0", udp(2));
  EXPECT_THAT(ports, AllOf(Contains(2), Each(testing::AnyOf(1, 2))));
  EXPECT_EQ(source->counters().size(), 1U);
}

TEST_F(PcapLiveSource, WaitsForAnInterfaceThatIsNotThereYet) {
  options.interfaces = {"later0"};
  options.wait = true;
  open();
  EXPECT_EQ(source->watch(), Sight::kAllLost);
  EXPECT_TRUE(source->still_needed().has(Capability::kNetRaw));
  wire.make("later0", "beyond0");
  EXPECT_EQ(source->watch(), Sight::kSees);
  read_while_sending("beyond0", udp(3));
  EXPECT_THAT(ports, Each(3));
  EXPECT_EQ(source->counters().front().interface, "later0");
}

TEST_F(PcapLiveSource, APatternFindsThoseThatComeLater) {
  options.interfaces = {"near*"};
  open();
  EXPECT_EQ(source->counters().size(), 2U);
  wire.make("near2", "far2");
  EXPECT_EQ(source->watch(), Sight::kSees);
  read_while_sending("far2", udp(4));
  EXPECT_THAT(indices, Each(3));
  EXPECT_EQ(source->counters()[2].interface, "near2");
}

TEST_F(PcapLiveSource, GoesOnWithTheInterfaceThatIsLeft) {
  options.interfaces = {"near0", "near1"};
  open();
  wire.remove("near0");
  wire.send("far1", udp(7));
  read(1);
  EXPECT_THAT(ports, ElementsAre(7));
}

TEST_F(PcapLiveSource, WaitsForAnInterfaceThatIsDown) {
  open();
  wire.set_down("near0");
  ASSERT_EQ(source->read(0, block), SourceState::kMore);
  EXPECT_TRUE(block.events.empty());
  wire.set_up("near0");
  read_while_sending("far0", udp(7));
  EXPECT_THAT(ports, AllOf(Not(IsEmpty()), Each(7)));
}

TEST_F(PcapLiveSource, SaysWhatIsMissing) {
  options.interfaces = {"nowhere0"};
  auto none = open_pcap_live_source(options);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ExitCode::kInput);
  EXPECT_THAT(none.error().message, StartsWith("there is no interface 'nowhere0'"));

  options.interfaces = {"near0"};
  wire.set_down("near0");
  auto down = open_pcap_live_source(options);
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().message, "interface near0 is down; set it up with 'ip link set dev near0 up'");

  options.interfaces = {"near1"};
  options.filter = "tcp port";
  auto filter = open_pcap_live_source(options);
  ASSERT_FALSE(filter);
  EXPECT_EQ(filter.error().code, ExitCode::kUsage);
}

}  // namespace
}  // namespace flowgauge::test
