// Who moves most, where the sample is the whole, and where it is not.
#include "core/flow/traffic_sample.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/flow/flow_table.h"
#include "tests/flow/two_hosts.h"

namespace flowgauge::test {
namespace {

using namespace literals;
using ::testing::UnorderedElementsAre;

// Of a flow table's batches of at most `batch_packets`.
Traffic traffic_of(const std::vector<packet_event>& events, std::uint32_t batch_packets) {
  FlowTable table({.batch_packets = batch_packets});
  EventBlock block;
  block.events = events;
  for (std::size_t i = 0; i < events.size(); ++i) block.frames.push_back(i);
  assign_partitions(block, KeyRule::kFull);
  TrafficSample sample;
  table.process(block, [&](const PacketBatch& batch) {
    sample.add(batch);
    table.recycle(batch.releases);
  });
  return sample.take();
}

std::vector<std::string> texts(const Traffic& traffic) {
  std::vector<std::string> texts;
  for (const auto& [key, bytes] : traffic.shares)
    texts.push_back(key.is_service() ? fmt::format("{}/{}: {}", key.protocol, key.port, bytes)
                                     : fmt::format("10.0.0.{}: {}", key.address[3], bytes));
  return texts;
}

TEST(TrafficSample, SmallBatchesAreCountedWhole) {
  const packet_event there = event().tcp("10.0.0.1", 1000, "10.0.0.2", 443).ip_length(100);
  const packet_event back = event().tcp("10.0.0.2", 443, "10.0.0.1", 1000).ip_length(1000);
  const packet_event ping = event().icmp("10.0.0.1", "10.0.0.3", 8).ip_length(84);
  const Traffic traffic = traffic_of({there, back, ping}, 64);
  EXPECT_THAT(texts(traffic),
              UnorderedElementsAre("10.0.0.1: 1184", "10.0.0.2: 1100", "10.0.0.3: 84", "6/443: 1100", "1/0: 84"));
}

TEST(TrafficSample, WhoTalksToItselfCountsOnce) {
  const packet_event loop = event().udp("10.0.0.1", 5, "10.0.0.1", 6).ip_length(50);
  EXPECT_THAT(texts(traffic_of({loop}, 64)), UnorderedElementsAre("10.0.0.1: 50", testing::StartsWith("17/")));
}

TEST(TrafficSample, TakesFromAFewOfMany) {
  // All packets are alike: which ones are looked at does not matter.
  const std::vector<packet_event> same(6'400, event().udp("10.0.0.1", 1000, "10.0.0.2", 53).ip_length(100));
  const Traffic traffic = traffic_of(same, 64);
  EXPECT_THAT(texts(traffic), UnorderedElementsAre("10.0.0.1: 640000", "10.0.0.2: 640000", "17/53: 640000"));
}

TEST(TrafficSample, AScanHidesNobodyWhoMovesMuch) {
  std::vector<packet_event> events;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::string scanned = fmt::format("172.{}.{}.{}", 16 + (i >> 16U), (i >> 8U) & 255U, i & 255U);
    events.push_back(event().tcp("10.9.9.9", 40'000, scanned, 22).ip_length(40));
    if (i % 10 == 0) events.push_back(event().tcp("10.0.0.1", 1000, "10.0.0.2", 443).ip_length(1500));
  }
  const Traffic traffic = traffic_of(events, 1);
  std::vector<TrafficShare> addresses;
  std::ranges::copy_if(traffic.shares, std::back_inserter(addresses),
                       [](const TrafficShare& share) { return !share.key.is_service(); });
  std::ranges::sort(addresses, std::ranges::greater(), &TrafficShare::bytes);
  ASSERT_GE(addresses.size(), 4U);
  // 15,000,000 and 4,000,000 bytes less what others had in their places before.
  EXPECT_THAT(addresses[0].bytes, testing::AllOf(testing::Gt(14'900'000U), testing::Le(15'000'000U)));
  EXPECT_THAT(addresses[1].bytes, testing::AllOf(testing::Gt(14'900'000U), testing::Le(15'000'000U)));
  EXPECT_EQ(addresses[2].key.address[3], 9);
  EXPECT_LT(addresses[3].bytes, 10'000U);
}

TEST(TrafficSample, IsGivenOnce) {
  TrafficSample sample;
  EXPECT_EQ(sample.take().shares.size(), 0U);
  Traffic sum{.shares = {{{.port = 1, .protocol = 6}, 5}}};
  sum += {.shares = {{{.port = 1, .protocol = 6}, 7}, {{.port = 2, .protocol = 6}, 1}}};
  EXPECT_THAT(texts(sum), UnorderedElementsAre("6/1: 12", "6/2: 1"));
}

}  // namespace
}  // namespace flowgauge::test
