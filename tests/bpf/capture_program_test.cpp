// The capture program with its rings and their reader, driven by test runs: what comes out, in what order, and that
// every packet is accounted for.
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <optional>
#include <set>
#include <thread>

#include "core/host/privileges.h"
#include "core/live/live_clock.h"
#include "core/packet/ledger.h"
#include "tests/bpf/loaded_capture.h"
#include "tests/support/event_text.h"
#include "tests/support/frame_builder.h"
#include "tests/support/sample_frames.h"

namespace flowgauge::test {
namespace {

class CaptureProgramTest : public testing::Test {
 protected:
  using Options = LoadedCapture::Options;

  void SetUp() override {
    const auto allowed = check_privileges(CaptureMethod::kEbpf);
    const auto rings = RingSet::create(1, 4096);
    if (!allowed) GTEST_SKIP() << "this machine may not load kernel programs: " << allowed.error().message;
    if (!rings) GTEST_SKIP() << "this machine may not make kernel maps: " << rings.error().message;
  }

  static std::unique_ptr<LoadedCapture> load(const Options& options) {
    auto capture = std::make_unique<LoadedCapture>(options);
    EXPECT_TRUE(capture->is_loaded()) << capture->why();
    return capture->is_loaded() ? std::move(capture) : nullptr;
  }

  // All that is in the ring now; nothing comes after.
  struct Drained {
    std::vector<packet_event> events;
    std::vector<std::uint64_t> frames;
    std::vector<std::string> payloads;
    std::vector<std::uint64_t> drops;  // of the ring before each event
    std::int64_t clock_ns = kNoClock;
  };
  static Drained drain(RingLane& lane) {
    Drained all;
    EventBlock block;
    lane.stop();
    SourceState state = SourceState::kMore;
    while (state == SourceState::kMore) {
      state = lane.read(block);
      append(block, all);
    }
    return all;
  }
  static void append(const EventBlock& block, Drained& all) {
    all.events.insert(all.events.end(), block.events.begin(), block.events.end());
    all.frames.insert(all.frames.end(), block.frames.begin(), block.frames.end());
    for (std::size_t index = 0; index < block.payload_begin.size(); ++index) {
      const auto begin = block.payload.begin() + block.payload_begin[index];
      all.payloads.emplace_back(begin, begin + block.events[index].payload_captured_bytes);
    }
    all.drops.insert(all.drops.end(), block.events.size(), block.ring_drops);
    all.clock_ns = block.clock_ns;
  }
  static Drained drain(const LoadedCapture& capture, std::uint32_t ring = 0) { return drain(*capture.lane(ring)); }

  static std::uint64_t accounted(const LiveCounters& counters) {
    return std::accumulate(counters.by_reason.begin(), counters.by_reason.end(), counters.ring_full);
  }

  static Bytes tcp_frame(std::uint32_t seq = 0) {
    return frame().eth().ipv4("10.0.0.1", "10.0.0.2").tcp(1234, 80).seq(seq).payload(10).bytes();
  }
};

TEST_F(CaptureProgramTest, EventsComeOutInOrderWithWallClockTimes) {
  const auto capture = load({});
  ASSERT_TRUE(capture);
  const std::int64_t before_ns = boot_time_ns();
  const ClockSample clocks = sample_clocks(CaptureClock::kBoottime);
  for (std::uint32_t seq = 0; seq < 3000; ++seq) ASSERT_TRUE(capture->run(tcp_frame(seq)));
  const std::int64_t after_ns = boot_time_ns();
  const Drained all = drain(*capture);
  ASSERT_EQ(all.events.size(), 3000U);
  constexpr std::int64_t kReadingError = 1'000'000;
  std::int64_t last_ns = 0;
  for (std::uint32_t seq = 0; seq < 3000; ++seq) {
    const packet_event& event = all.events[seq];
    ASSERT_EQ(event.tcp_seq, seq);
    ASSERT_EQ(all.frames[seq], seq);
    ASSERT_GE(event.timestamp_ns, before_ns + clocks.real_minus_boot_ns - kReadingError);
    ASSERT_LE(event.timestamp_ns, after_ns + clocks.real_minus_boot_ns + kReadingError);
    ASSERT_GE(event.timestamp_ns, last_ns);
    last_ns = event.timestamp_ns;
  }
  EXPECT_EQ(all.drops, std::vector<std::uint64_t>(3000, 0));
  EXPECT_GE(all.clock_ns, after_ns + clocks.real_minus_boot_ns - kReadingError - kLiveClockLagNs);
}

TEST_F(CaptureProgramTest, DirectionAndInterfaceAreInTheEvent) {
  const auto capture = load({.hooks = Hooks::kBoth});
  ASSERT_TRUE(capture);
  ASSERT_TRUE(capture->run(tcp_frame(), TrafficDirection::kEgress, 2));
  ASSERT_TRUE(capture->run(tcp_frame(), TrafficDirection::kIngress, 1));
  const Drained all = drain(*capture);
  ASSERT_EQ(all.events.size(), 3U);
  const std::vector<int> expected_marks{PACKET_HAS_MAC | PACKET_EGRESS, PACKET_HAS_MAC | PACKET_EGRESS, PACKET_HAS_MAC};
  for (std::size_t index = 0; index < 3; ++index) {
    EXPECT_EQ(all.events[index].interface, 1U);
    EXPECT_EQ(all.events[index].key_interface, 1U);
    EXPECT_EQ(all.events[index].marks, expected_marks[index]);
  }
  EXPECT_EQ(capture->counters(TrafficDirection::kEgress).by_reason[PACKET_ACCEPTED], 2U);
  EXPECT_EQ(capture->counters(TrafficDirection::kIngress).by_reason[PACKET_ACCEPTED], 1U);
}

TEST_F(CaptureProgramTest, OfSeveralInterfacesEachHasASlot) {
  constexpr std::uint32_t kLoopback = 1;  // whose packets a test run's are
  const auto capture = load({.hooks = Hooks::kBoth, .slots = 3});
  ASSERT_TRUE(capture);
  ASSERT_TRUE(capture->run(tcp_frame(), TrafficDirection::kIngress, 4)) << "it is nobody's: let pass, not counted";
  capture->place(kLoopback, 2);
  ASSERT_TRUE(capture->run(tcp_frame(), TrafficDirection::kIngress, 2));
  capture->place(kLoopback, 0);
  ASSERT_TRUE(capture->run(tcp_frame(), TrafficDirection::kEgress, 1));
  std::vector<std::uint32_t> numbers;
  for (const packet_event& event : drain(*capture).events) numbers.push_back(event.key_interface);
  EXPECT_EQ(numbers, (std::vector<std::uint32_t>{3, 3, 1}));
  std::vector<std::uint64_t> seen;
  for (std::uint32_t slot = 0; slot < 3; ++slot)
    for (const auto direction : {TrafficDirection::kIngress, TrafficDirection::kEgress})
      seen.push_back(capture->counters(direction, slot).seen);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{0, 1, 0, 0, 2, 0}));

  const auto merged = load({.slots = 2, .numbered = false});
  ASSERT_TRUE(merged);
  merged->place(kLoopback, 1);
  ASSERT_TRUE(merged->run(tcp_frame()));
  const Drained of_merged = drain(*merged);
  EXPECT_EQ(of_merged.events.at(0).interface, 2U);
  EXPECT_EQ(of_merged.events.at(0).key_interface, 0U);
}

TEST_F(CaptureProgramTest, SmallerEventsAreTheBeginningOfTheWholeOne) {
  const Bytes bytes = frame()
                          .eth()
                          .ipv4("10.0.0.1", "10.0.0.2")
                          .udp(1, 4789)
                          .vxlan(5)
                          .eth(3, 4)
                          .ipv4("10.1.0.1", "10.1.0.2")
                          .tcp(5, 6)
                          .payload(20)
                          .bytes();
  packet_event whole{};
  const packet_parse_config config = packet_parse_defaults();
  const auto size = static_cast<std::uint32_t>(bytes.size());
  ASSERT_EQ(packet_parse(&config, bytes.data(), size, size, 1, &whole), PACKET_ACCEPTED);
  whole.payload_captured_bytes = 0;           // nobody asked for them
  whole.interface = whole.key_interface = 1;  // of the first slot
  for (const std::uint32_t event_bytes : {96U, 128U, 144U}) {
    const auto capture = load({.event_bytes = event_bytes});
    ASSERT_TRUE(capture);
    ASSERT_TRUE(capture->run(bytes));
    Drained all = drain(*capture);
    ASSERT_EQ(all.events.size(), 1U) << event_bytes;
    all.events[0].timestamp_ns = 0;
    packet_event expected{};
    std::memcpy(&expected, &whole, event_bytes);
    EXPECT_EQ(event_text(all.events[0]), event_text(expected)) << event_bytes;
  }
}

TEST_F(CaptureProgramTest, PayloadComesAsFarAsItIsWantedAndThere) {
  const auto capture = load({.bytes = {.payload_bytes = 4}});
  ASSERT_TRUE(capture);
  const auto udp = [](std::uint32_t bytes) {
    return frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload(bytes).bytes();
  };
  for (const std::uint32_t bytes : {0U, 1U, 4U, 100U, 3U}) ASSERT_TRUE(capture->run(udp(bytes)));
  // Padding is no payload.
  ASSERT_TRUE(capture->run(frame().eth().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payload(2).padding(6).bytes()));
  const std::string pattern{'\0', '\1', '\2', '\3'};
  const std::vector<std::string> expected{"",      pattern.substr(0, 1), pattern,
                                          pattern, pattern.substr(0, 3), pattern.substr(0, 2)};
  EXPECT_EQ(drain(*capture).payloads, expected);
}

TEST_F(CaptureProgramTest, LongestPayloadOfAPageComesWhole) {
  const auto capture = load({.bytes = {.payload_bytes = CAPTURE_MAX_PAYLOAD_BYTES}});
  ASSERT_TRUE(capture);
  const Bytes bytes = frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(1, 2).payload(3000).bytes();
  ASSERT_TRUE(capture->run(bytes));
  const Drained all = drain(*capture);
  ASSERT_EQ(all.payloads.size(), 1U);
  EXPECT_EQ(all.payloads[0], std::string(bytes.begin() + 42, bytes.end()));
}

TEST_F(CaptureProgramTest, FullRingLosesAndCountsEachPacketAndGoesOn) {
  const auto capture = load({.hooks = Hooks::kBoth, .ring_bytes = 4096, .event_bytes = 96});
  ASSERT_TRUE(capture);
  const auto lane = capture->lane(0);
  ASSERT_TRUE(capture->run(tcp_frame(1), TrafficDirection::kIngress, 1000));
  LiveCounters counters = capture->counters();
  EXPECT_EQ(counters.seen, 1000U);
  EXPECT_GT(counters.by_reason[PACKET_ACCEPTED], 30U);
  EXPECT_GT(counters.ring_full, 900U);
  EXPECT_EQ(accounted(counters), counters.seen);
  EXPECT_EQ(capture->drops(0), counters.ring_full);

  EventBlock block;
  ASSERT_EQ(lane->read(block), SourceState::kMore);
  EXPECT_EQ(block.events.size(), counters.by_reason[PACKET_ACCEPTED]);
  EXPECT_EQ(block.ring_drops, 0U) << "what was lost after the last of them";

  ASSERT_TRUE(capture->run(tcp_frame(2), TrafficDirection::kEgress, 3));
  const Drained rest = drain(*lane);
  ASSERT_EQ(rest.events.size(), 3U);
  EXPECT_EQ(rest.events[0].tcp_seq, 2U);
  EXPECT_EQ(rest.frames[0], counters.by_reason[PACKET_ACCEPTED]);
  EXPECT_EQ(rest.drops, std::vector<std::uint64_t>(3, counters.ring_full));
}

// The reader sleeps over each loss, and finds the packets before and behind it in one go.
TEST_F(CaptureProgramTest, EveryEventHasTheDropsOfItsRingBeforeIt) {
  for (const auto& [event_bytes, payload_bytes] : {std::pair{96U, 0U}, {128U, 0U}, {144U, 0U}, {144U, 4U}}) {
    const auto capture =
        load({.ring_bytes = 4096, .event_bytes = event_bytes, .bytes = {.payload_bytes = payload_bytes}});
    ASSERT_TRUE(capture);
    const auto lane = capture->lane(0);
    std::uint64_t lost = 0;
    for (const std::uint32_t times : {100'000U, 2U, 300U}) {  // the first loses more than 16 bits hold
      ASSERT_TRUE(capture->run(tcp_frame(), TrafficDirection::kIngress, times));
      EventBlock block;
      do {
        ASSERT_EQ(lane->read(block), SourceState::kMore);
        EXPECT_EQ(block.ring_drops, lost) << event_bytes << " bytes of event, " << payload_bytes << " of payload";
      } while (block.events.size() == kBlockEvents);
      lost = capture->counters().ring_full;
    }
    EXPECT_GT(lost, 65'536U);
  }
}

TEST_F(CaptureProgramTest, LossInTheMiddleOfABacklogBeginsABlock) {
  const auto capture = load({.ring_bytes = 4096, .event_bytes = 96});
  ASSERT_TRUE(capture);
  ASSERT_TRUE(capture->run(tcp_frame(1), TrafficDirection::kIngress, 1000));
  const std::uint64_t lost = capture->counters().ring_full;
  auto reader = RingReader::open(capture->rings().ring_fd(0), 4096);
  ASSERT_TRUE(reader);
  const auto take = [](const std::byte*, std::uint32_t) { return RingReader::Record::kTaken; };
  reader->read(reader->end(), 10, take);  // makes room, and leaves the rest to the lane
  ASSERT_TRUE(capture->run(tcp_frame(2), TrafficDirection::kIngress, 5));
  const Drained all = drain(*capture);
  ASSERT_GT(all.events.size(), 20U);
  for (std::size_t index = 0; index < all.events.size(); ++index) {
    EXPECT_EQ(all.drops[index], all.events[index].tcp_seq == 1 ? 0 : lost) << index;
  }
  EXPECT_EQ(all.events.back().tcp_seq, 2U);
}

TEST_F(CaptureProgramTest, IgnoredFramesAreCountedByReason) {
  const auto capture = load({});
  ASSERT_TRUE(capture);
  const packet_parse_config config = packet_parse_defaults();
  std::array<std::uint64_t, PACKET_REASON_COUNT> expected{};
  std::uint64_t taken = 0;
  for (const SampleFrame& sample : sample_frames()) {
    for (std::size_t size = 14; size <= sample.bytes.size(); ++size) {
      const std::span<const std::uint8_t> cut(sample.bytes.data(), size);
      if (!capture->run(cut)) continue;
      packet_event event{};
      const auto bytes = static_cast<std::uint32_t>(size);
      ++expected[packet_parse(&config, cut.data(), bytes, bytes, 1, &event)];
      ++taken;
    }
  }
  const LiveCounters counters = capture->counters();
  EXPECT_EQ(counters.seen, taken);
  EXPECT_EQ(accounted(counters), taken);
  // What was accepted may have found the ring full.
  EXPECT_EQ(counters.by_reason[PACKET_ACCEPTED] + counters.ring_full, expected[PACKET_ACCEPTED]);
  for (int reason = PACKET_ACCEPTED + 1; reason < PACKET_REASON_COUNT; ++reason) {
    EXPECT_EQ(counters.by_reason[reason], expected[reason]) << reason_name(static_cast<packet_reason>(reason));
  }
  EXPECT_GT(expected[PACKET_NOT_IP], 0U);
  EXPECT_GT(expected[PACKET_TRUNCATED_L4], 0U);
}

TEST_F(CaptureProgramTest, ConfigurationOfTheParserHolds) {
  Options options;
  packet_accept_no_protocol(&options.parse);
  packet_accept_protocol(&options.parse, 17);
  options.parse.decapsulate_inner = 0;
  options.parse.drop_later_fragments = 1;
  const auto capture = load(options);
  ASSERT_TRUE(capture);
  ASSERT_TRUE(capture->run(tcp_frame()));
  ASSERT_TRUE(capture->run(frame().eth().ipv4("1.1.1.1", "1.1.1.2").fragment(8, false).udp(1, 2).payload(8).bytes()));
  ASSERT_TRUE(capture->run(frame()
                               .eth()
                               .ipv4("10.0.0.1", "10.0.0.2")
                               .udp(1, 4789)
                               .vxlan(5)
                               .eth()
                               .ipv4("10.1.0.1", "10.1.0.2")
                               .tcp(5, 6)
                               .bytes()));
  const LiveCounters counters = capture->counters();
  EXPECT_EQ(counters.by_reason[PACKET_PROTOCOL], 1U);
  EXPECT_EQ(counters.by_reason[PACKET_FRAGMENT], 1U);
  const Drained all = drain(*capture);
  ASSERT_EQ(all.events.size(), 1U);
  EXPECT_EQ(all.events[0].dst_port, 4789);
}

TEST_F(CaptureProgramTest, RawIpInterfacesHaveNoLinkHeader) {
  const auto capture = load({.link_type = 101});
  ASSERT_TRUE(capture);
  // A test run wants 14 bytes that look like Ethernet; as raw IP these are an IPv4 packet.
  const Bytes bytes = frame().raw().ipv4("10.0.0.1", "10.0.0.2").udp(53, 99).payload(30).bytes();
  ASSERT_TRUE(capture->run(bytes));
  const Drained all = drain(*capture);
  ASSERT_EQ(all.events.size(), 1U);
  EXPECT_EQ(all.events[0].src_port, 53);
  EXPECT_EQ(all.events[0].marks, 0);
}

TEST_F(CaptureProgramTest, SuperPacketsTellTheirSegments) {
  const auto capture = load({});
  ASSERT_TRUE(capture);
  const Bytes bytes = frame().eth().ipv4("10.0.0.1", "10.0.0.2").tcp(1, 2).payload(3000).bytes();
  std::vector<std::uint64_t> segments;  // in all so far
  const auto note_segments = [&] { segments.push_back(capture->counters().super_packets->segments); };
  ASSERT_TRUE(capture->run(bytes));
  note_segments();
  ASSERT_TRUE(capture->run_super_packet(bytes, 1000, 3));
  note_segments();
  ASSERT_TRUE(capture->run_super_packet(bytes, 1000, 0));  // as a virtual machine hands them over
  note_segments();
  ASSERT_TRUE(capture->run_super_packet(bytes, 1400, 0));
  note_segments();
  ASSERT_TRUE(capture->run_super_packet(bytes, 3000, 0));  // of a single segment: a packet
  note_segments();
  EXPECT_EQ(segments, (std::vector<std::uint64_t>{0, 3, 6, 9, 9}));
  const LiveCounters counters = capture->counters();
  ASSERT_TRUE(counters.super_packets);
  EXPECT_EQ(counters.super_packets->packets, 3U);
  EXPECT_EQ(counters.super_packets->segments, 9U);
  EXPECT_EQ(counters.by_reason[PACKET_ACCEPTED], 5U);
}

TEST_F(CaptureProgramTest, BothDirectionsOfAFlowComeThroughOneLane) {
  const auto capture = load({.hooks = Hooks::kBoth, .rings = 4, .event_bytes = 96, .ring_seed = 0x9876543210fedcba});
  ASSERT_TRUE(capture);
  constexpr int kFlows = 500;
  for (int flow = 0; flow < kFlows; ++flow) {
    const auto port = static_cast<std::uint16_t>(1000 + flow);
    const bool is_ipv6 = flow % 2 != 0;
    const auto from = [&](bool there) {
      FrameBuilder builder = frame().eth();
      const char* const near = is_ipv6 ? "2001:db8::1" : "10.0.0.1";
      const char* const far = is_ipv6 ? "2001:db8:ffff::9" : "192.168.7.9";
      is_ipv6 ? builder.ipv6(there ? near : far, there ? far : near)
              : builder.ipv4(there ? near : far, there ? far : near);
      return (there ? builder.udp(port, 53) : builder.udp(53, port)).bytes();
    };
    ASSERT_TRUE(capture->run(from(true), TrafficDirection::kEgress));
    ASSERT_TRUE(capture->run(from(false), TrafficDirection::kIngress));
  }
  std::map<int, std::set<std::uint32_t>> lanes_of;  // by port
  for (std::uint32_t lane = 0; lane < 4; ++lane) {
    const Drained all = drain(*capture, lane);
    EXPECT_GT(all.events.size(), 2 * kFlows / 8U) << "lane " << lane;  // half of a fair share
    for (const packet_event& event : all.events) {
      lanes_of[event.src_port == 53 ? event.dst_port : event.src_port].insert(lane);
    }
  }
  ASSERT_EQ(lanes_of.size(), static_cast<std::size_t>(kFlows));
  for (const auto& [port, lanes] : lanes_of) EXPECT_EQ(lanes.size(), 1U) << port;
}

// Flows that one seed puts into one lane, and another one does not.
TEST_F(CaptureProgramTest, TheSeedDealsFlowsAnew) {
  const auto ports_in_lane_0 = [](std::uint64_t seed, const std::vector<std::uint16_t>& ports) {
    std::vector<std::uint16_t> found;
    const auto capture = load({.rings = 4, .event_bytes = 96, .ring_seed = seed});
    if (!capture) return found;
    for (const std::uint16_t port : ports)
      EXPECT_TRUE(capture->run(frame().eth().ipv4("10.0.0.1", "192.168.7.9").udp(port, 53).bytes()));
    for (const packet_event& event : drain(*capture, 0).events) found.push_back(event.src_port);
    return found;
  };
  std::vector<std::uint16_t> ports(200);
  std::iota(ports.begin(), ports.end(), 1000);
  const auto aimed = ports_in_lane_0(0, ports);
  EXPECT_GT(aimed.size(), 25U);
  EXPECT_EQ(ports_in_lane_0(0, aimed), aimed);
  EXPECT_LT(ports_in_lane_0(0x9876543210fedcba, aimed).size(), aimed.size() / 2);
}

class FragmentLanes : public CaptureProgramTest, public testing::WithParamInterface<std::uint8_t> {};

// Where VLANs do not tell fragments apart, the later ones have a tag.
TEST_P(FragmentLanes, FragmentsFollowTheirFirst) {
  packet_parse_config parse = packet_parse_defaults();
  parse.fragment_scope = GetParam();
  const auto capture = load({.rings = 2, .parse = parse});
  ASSERT_TRUE(capture);
  const auto fragment = [](std::uint16_t id, std::uint16_t offset, bool more) {
    FrameBuilder builder = frame().eth();
    if (offset != 0 && GetParam() != PACKET_FRAGMENTS_OF_VLAN) builder.vlan(5);
    builder.ipv4("10.0.0.1", "10.0.0.2").id(id).fragment(offset, more);
    return offset == 0 ? builder.udp(static_cast<std::uint16_t>(2000 + id), 53).payload(24).bytes()
                       : builder.other(17).payload(32).bytes();
  };
  constexpr std::uint16_t kDatagrams = 200;
  for (std::uint16_t id = 0; id < kDatagrams; ++id) ASSERT_TRUE(capture->run(fragment(id, 0, true)));
  for (std::uint16_t id = 0; id < kDatagrams; ++id) ASSERT_TRUE(capture->run(fragment(id, 32, false)));
  std::array<std::uint64_t, 2> events{};
  std::map<int, std::set<std::uint32_t>> lanes_of;  // by fragment id
  for (std::uint32_t lane = 0; lane < 2; ++lane) {
    for (const packet_event& event : drain(*capture, lane).events) {
      ++events[lane];
      lanes_of[static_cast<int>(event.fragment_id)].insert(lane);
      EXPECT_EQ(event.src_port, 2000 + event.fragment_id);  // joined
    }
  }
  EXPECT_EQ(events[0] + events[1], 2U * kDatagrams);
  EXPECT_GT(events[0], 50U);
  EXPECT_GT(events[1], 50U);
  for (const auto& [id, lanes] : lanes_of) EXPECT_EQ(lanes.size(), 1U) << id;
}

INSTANTIATE_TEST_SUITE_P(Scopes, FragmentLanes,
                         testing::Values(PACKET_FRAGMENTS_OF_VLAN, PACKET_FRAGMENTS_OF_TUNNEL,
                                         PACKET_FRAGMENTS_OF_ADDRESSES));

TEST_F(CaptureProgramTest, FragmentsWithoutAFirstComeThroughOneLane) {
  const auto capture = load({.rings = 4});
  ASSERT_TRUE(capture);
  for (std::uint16_t id = 0; id < 100; ++id) {
    const bool there = id % 2 == 0;
    ASSERT_TRUE(capture->run(frame()
                                 .eth()
                                 .ipv4(there ? "10.0.0.1" : "10.0.0.2", there ? "10.0.0.2" : "10.0.0.1")
                                 .id(id)
                                 .fragment(32, false)
                                 .other(17)
                                 .payload(32)
                                 .bytes()));
  }
  std::vector<std::size_t> sizes;
  for (std::uint32_t lane = 0; lane < 4; ++lane) sizes.push_back(drain(*capture, lane).events.size());
  EXPECT_EQ(std::ranges::count(sizes, 100U), 1) << "all in one lane, as one flow without ports";
}

TEST_F(CaptureProgramTest, IdleLaneReturnsWithTheTime) {
  const auto capture = load({});
  ASSERT_TRUE(capture);
  const auto lane = capture->lane(0);
  EventBlock block;
  block.events.resize(5);
  const ClockSample before = sample_clocks(CaptureClock::kBoottime);
  ASSERT_EQ(lane->read(block), SourceState::kMore);
  EXPECT_TRUE(block.events.empty());
  EXPECT_EQ(block.step_ns, 0);
  EXPECT_GE(block.clock_ns, before.boot_ns + before.real_minus_boot_ns - 1'000'000);
  lane->stop();
  EXPECT_EQ(lane->read(block), SourceState::kEnd);
}

TEST_F(CaptureProgramTest, NothingIsLostBetweenWritersAndReader) {
  const auto capture = load({.hooks = Hooks::kBoth, .ring_bytes = 65536, .event_bytes = 96});
  ASSERT_TRUE(capture);
  const auto lane = capture->lane(0);
  constexpr std::uint32_t kRounds = 200;
  constexpr std::uint32_t kEach = 500;
  std::atomic<int> writing = 2;
  const auto write = [&](TrafficDirection direction) {
    for (std::uint32_t round = 0; round < kRounds; ++round)
      EXPECT_TRUE(capture->run(tcp_frame(round), direction, kEach));
    if (--writing == 0) lane->stop();
  };
  std::thread ingress(write, TrafficDirection::kIngress);
  std::thread egress(write, TrafficDirection::kEgress);
  Drained all;
  EventBlock block;
  for (SourceState state = SourceState::kMore; state == SourceState::kMore;) {
    state = lane->read(block);
    append(block, all);
  }
  ingress.join();
  egress.join();
  std::uint64_t submitted = 0;
  std::uint64_t lost = 0;
  for (const TrafficDirection direction : {TrafficDirection::kIngress, TrafficDirection::kEgress}) {
    const LiveCounters counters = capture->counters(direction);
    EXPECT_EQ(counters.seen, kRounds * kEach);
    EXPECT_EQ(accounted(counters), counters.seen);
    submitted += counters.by_reason[PACKET_ACCEPTED];
    lost += counters.ring_full;
  }
  EXPECT_EQ(all.events.size(), submitted);
  EXPECT_EQ(capture->drops(0), lost);
  EXPECT_TRUE(std::ranges::is_sorted(all.drops));
  EXPECT_LE(all.drops.back(), lost);
  std::array<std::uint32_t, 2> last{};
  for (const packet_event& event : all.events) {
    std::uint32_t& before = last[(event.marks & PACKET_EGRESS) != 0];
    ASSERT_GE(event.tcp_seq, before);  // each writer's in its order
    before = event.tcp_seq;
  }
}

}  // namespace
}  // namespace flowgauge::test
