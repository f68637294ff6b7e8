// The run's clock as the source keeps it: events that wait for it across blocks, and the memory of fragments that
// follows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kYear = 31'536'000 * kSecond;
constexpr ClockRules kTenMinutes{.jump_ns = 600 * kSecond, .horizon_ns = 3602 * kSecond};

SourceRun run_at(const std::vector<std::int64_t>& times) {
  const TempFolder folder;
  CaptureWriter writer({.nanoseconds = true});
  for (std::size_t i = 0; i < times.size(); ++i)
    writer.add(times[i], udp_frame(static_cast<std::uint16_t>(i), static_cast<std::uint32_t>(i % 7)));
  return run({folder.write("a", writer.bytes())}, {.clock = kTenMinutes, .bytes = {.payload_bytes = 4}});
}

TEST(SourceClock, GivesEveryEventItsReading) {
  EXPECT_THAT(run_at({0, 5, 3}).clocks, ElementsAre(0, 5, 5));
  EXPECT_THAT(run_at({}).clocks, IsEmpty());
  const SourceRun found = run_at({0, kYear, 1, kYear, kYear, kYear});
  EXPECT_THAT(found.clocks, ElementsAre(0, 0, 1, 3603 * kSecond, 3603 * kSecond, 3603 * kSecond));
  EXPECT_EQ(found.clock.ahead_packets, 1U);
  const SourceRun back = run_at({kYear, 0, 1, 2, 3});
  EXPECT_THAT(back.clocks, ElementsAre(kYear, kYear, kYear, kYear, kYear + 1));
  EXPECT_EQ(back.clock.steps, 1U);
  EXPECT_EQ(back.clock.older_packets, 3U);
}

// Wherever a block ends: before, within or behind a run, or at the end of input.
TEST(SourceClock, EventsThatWaitComeWithTheNextBlockAsTheyWere) {
  for (const std::size_t wild : {1, 2, 3})
    for (std::size_t begin = kBlockEvents - 4; begin < kBlockEvents + 2; ++begin)
      for (const std::size_t behind : {0, 1, 5}) {
        std::vector<std::int64_t> times(begin, kSecond);
        times.insert(times.end(), wild, kYear);
        times.insert(times.end(), behind, 2 * kSecond);
        const SourceRun found = run_at(times);
        EXPECT_EQ(found.times(), times);
        ASSERT_EQ(found.payloads.size(), times.size());
        for (std::size_t i = 0; i < times.size(); ++i) {
          ASSERT_EQ(found.frames[i], i);
          ASSERT_EQ(found.events[i].src_port, i);
          ASSERT_EQ(found.payloads[i].size(), std::min<std::size_t>(4, i % 7));
        }
        const bool moved = wild == 3 || behind == 0;
        EXPECT_EQ(found.clocks.back(), moved ? 3603 * kSecond : 2 * kSecond);
      }
}

TEST(SourceClock, AnInterruptHandsOverWhatWaits) {
  const TempFolder folder;
  CaptureWriter writer;
  for (std::size_t i = 0; i < kBlockEvents - 1; ++i) writer.add(0, udp_frame());
  for (int i = 0; i < 10; ++i) writer.add(kYear, udp_frame());
  const auto list = expand_inputs(std::vector{folder.write("a", writer.bytes())});
  auto source = PcapSource::create({.inputs = list->inputs, .clock = kTenMinutes});
  EventBlock block;
  EXPECT_EQ((*source)->read(block), SourceState::kMore);
  EXPECT_EQ(block.events.size(), kBlockEvents - 1);
  (*source)->interrupt();
  EXPECT_EQ((*source)->read(block), SourceState::kEnd);
  EXPECT_EQ(block.events.size(), 1U);
  EXPECT_THAT(block.frames, ElementsAre(kBlockEvents - 1));
  EXPECT_THAT(block.clocks, ElementsAre(3602 * kSecond));
  EXPECT_EQ((*source)->ledger().accepted(), kBlockEvents);
}

class FragmentsByClock : public testing::Test {
 protected:
  static Bytes head() {
    return frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(0, true).udp(1000, 53).payload(24).bytes();
  }
  static Bytes tail() {
    return frame().eth().ipv4("10.0.0.1", "10.0.0.2").id(7).fragment(32, false).other(17).payload(40).bytes();
  }
  static std::vector<int> ports(const std::vector<std::pair<std::int64_t, Bytes>>& frames) {
    const TempFolder folder;
    CaptureWriter writer;
    for (const auto& [time, bytes] : frames) writer.add(time, bytes);
    std::vector<int> found;
    const SourceRun whole = run({folder.write("a", writer.bytes())}, {.clock = kTenMinutes});
    found.reserve(whole.events.size());
    for (const packet_event& event : whole.events) found.push_back(event.src_port);
    return found;
  }
};

TEST_F(FragmentsByClock, AWildPacketMakesNoFragmentOld) {
  EXPECT_THAT(ports({{kSecond, head()}, {kYear, udp_frame(9)}, {2 * kSecond, tail()}}), ElementsAre(1000, 9, 1000));
}

TEST_F(FragmentsByClock, AWildFragmentFindsItsFirst) {
  EXPECT_THAT(ports({{kSecond, head()}, {kYear, tail()}, {2 * kSecond, udp_frame(9)}}), ElementsAre(1000, 1000, 9));
  EXPECT_THAT(ports({{kSecond, udp_frame(9)}, {kYear, head()}, {2 * kSecond, tail()}}), ElementsAre(9, 1000, 1000));
}

TEST_F(FragmentsByClock, AGapThatCountsMakesThemOld) {
  EXPECT_THAT(ports({{kSecond, head()}, {kYear, tail()}, {kYear, tail()}, {kYear, tail()}}),
              ElementsAre(1000, 0, 0, 0));
  EXPECT_THAT(ports({{kSecond, head()}, {kYear, tail()}}), ElementsAre(1000, 0)) << "at the end of input too";
}

TEST_F(FragmentsByClock, OverAStepBackTheyAreAsOldAsBefore) {
  const auto after = [](std::int64_t at) {
    return ports({{9000 * kSecond, head()},
                  {9020 * kSecond, udp_frame(9)},
                  {0, udp_frame(9)},
                  {0, udp_frame(9)},
                  {0, udp_frame(9)},
                  {at, tail()}})
        .back();
  };
  EXPECT_EQ(after(40 * kSecond), 1000);
  EXPECT_EQ(after(40 * kSecond + 1000), 0);  // the file counts microseconds
}

}  // namespace
}  // namespace flowgauge::test
