// Timestamps in spans: back as they were, and what the summaries say of them.
#include "core/events/clock_track.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/flow/clock.h"

namespace flowgauge {
namespace {

constexpr std::int64_t kFirst = kFirstTimestampNs;
constexpr std::int64_t kLast = kTimestampsEndNs - 1;

TEST(ClockTrack, GivesBackWhatWasTakenIn) {
  std::mt19937_64 random(1);
  for (const std::size_t packets : {1U, 2U, kSpanPackets - 1, kSpanPackets, kSpanPackets + 1, 5 * kSpanPackets}) {
    ClockTrack track;
    std::vector<TrackPacket> given;
    std::uint32_t frame = 0;
    for (std::size_t i = 0; i < packets; ++i) {
      const std::int64_t odd[] = {kFirst, kLast, 0, -1, static_cast<std::int64_t>(random() >> 2) - (1LL << 61)};
      given.push_back({frame, odd[random() % 5]});
      track.add(frame, given.back().timestamp_ns);
      frame += 1 + random() % 1000;
    }
    ASSERT_EQ(track.spans().size(), (packets + kSpanPackets - 1) / kSpanPackets);
    std::vector<TrackPacket> found;
    std::vector<TrackPacket> of_span;
    for (const ClockSpan& span : track.spans()) {
      ASSERT_TRUE(unpack_span(track.bytes(), span, of_span));
      found.insert(found.end(), of_span.begin(), of_span.end());
    }
    ASSERT_TRUE(found == given);
  }
}

TEST(ClockTrack, SumsUpASpan) {
  ClockTrack track;
  EXPECT_EQ(track.add(3, 50), 0);
  EXPECT_EQ(track.add(4, 70), 0);
  EXPECT_EQ(track.add(9, 40), 30);
  EXPECT_EQ(track.add(10, 70), 0);
  EXPECT_EQ(track.add(11, 69), 1);
  ASSERT_EQ(track.spans().size(), 1U);
  const ClockSpan& span = track.spans().front();
  EXPECT_EQ(span.first_frame, 3U);
  EXPECT_EQ(span.packets, 5U);
  EXPECT_EQ(span.times.first_ns, 50);
  EXPECT_EQ(span.times.least_ns, 40);
  EXPECT_EQ(span.times.greatest_ns, 70);
  EXPECT_EQ(span.times.older, 2U);
}

TEST(ClockTrack, ListsTheSecondsThatBegin) {
  ClockTrack track;
  const std::int64_t seconds[] = {5, 5, 6, 5, 6, 9, 8, 10};
  for (std::uint32_t i = 0; i < 8; ++i) track.add(i, seconds[i] * kNsPerSecond + i);
  ASSERT_EQ(track.spans().front().seconds, 3U);
  ASSERT_EQ(track.seconds().size(), 3U);
  EXPECT_EQ(track.seconds()[0].frame, 2U);
  EXPECT_EQ(track.seconds()[1].frame, 5U);
  EXPECT_EQ(track.seconds()[2].timestamp_ns, 10 * kNsPerSecond + 7);
}

TEST(ClockTrack, OfManySecondsOneSpanKeepsNone) {
  ClockTrack track;
  for (std::uint32_t i = 0; i < kSpanPackets; ++i) track.add(i, 0);
  for (std::uint32_t i = 0; i < kSpanPackets; ++i) track.add(kSpanPackets + i, i < 100 ? i * kNsPerSecond : 0);
  for (std::uint32_t i = 0; i < ClockSpan::kMostSeconds + 1; ++i) track.add(2 * kSpanPackets + i, i * kNsPerSecond);
  ASSERT_EQ(track.spans().size(), 3U);
  EXPECT_EQ(track.spans()[0].seconds, 0U);
  EXPECT_EQ(track.spans()[1].seconds, ClockSpan::kManySeconds);
  EXPECT_EQ(track.spans()[2].seconds, ClockSpan::kMostSeconds);
  EXPECT_EQ(track.seconds().size(), ClockSpan::kMostSeconds);
}

TEST(ClockTrack, BytesOfAnotherTrackAreRefused) {
  ClockTrack track;
  for (std::uint32_t i = 0; i < 10; ++i) track.add(2 * i, i);
  std::vector<TrackPacket> packets;
  const ClockSpan span = track.spans().front();
  const std::string& bytes = track.bytes();
  EXPECT_TRUE(unpack_span(bytes, span, packets));
  for (std::size_t end = 0; end < bytes.size(); ++end)
    EXPECT_FALSE(unpack_span(std::string_view(bytes).substr(0, end), span, packets)) << end;
  EXPECT_FALSE(unpack_span(std::string(100, '\xff'), span, packets));
  EXPECT_FALSE(unpack_span(std::string(100, '\0'), span, packets));  // twice the same frame
  ClockSpan begins_late = span;
  begins_late.track_begin = static_cast<std::uint32_t>(bytes.size());
  EXPECT_FALSE(unpack_span(bytes, begins_late, packets));
  ClockSpan at_the_end = span;
  at_the_end.times.first_ns = kLast;
  EXPECT_FALSE(unpack_span(bytes, at_the_end, packets));
  at_the_end = span;
  at_the_end.first_frame = UINT32_MAX - 3;
  EXPECT_FALSE(unpack_span(bytes, at_the_end, packets));
}

}  // namespace
}  // namespace flowgauge
