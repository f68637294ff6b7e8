// max_flows: which flow leaves a full partition, and how many cut flows are remembered.
#include <gtest/gtest.h>

#include <vector>

#include "core/flow/flow_key.h"
#include "tests/flow/table_driver.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

EventBuilder from_port(std::uint16_t port) { return event().udp("10.0.0.1", port, "10.0.0.2", 53); }

// Source ports whose flows to 10.0.0.2:53 share the partition of port 1000's.
std::vector<std::uint16_t> ports_of_one_partition(std::size_t count) {
  const auto partition = [](std::uint16_t port) { return partition_of(key_of(from_port(port), KeyRule::kFull).key); };
  std::vector<std::uint16_t> ports;
  for (std::uint16_t port = 1000; ports.size() < count; ++port)
    if (partition(port) == partition(1000)) ports.push_back(port);
  return ports;
}

// A row without its source port: flows are told apart by their times.
std::string times(const std::string& row) { return row.substr(row.find(' ') + 1); }

Rows times_of(const Rows& rows) {
  Rows result;
  for (const std::string& row : rows) result.push_back(times(row));
  return result;
}

constexpr LifeCycle at_most(std::uint64_t per_partition) { return {.max_flows = per_partition * kPartitions}; }

TEST(Limits, AFullPartitionGivesUpTheFlowThatWasQuietLongest) {
  const auto port = ports_of_one_partition(3);
  EXPECT_EQ(times_of(rows_of(at_most(2), {from_port(port[0]).at(0), from_port(port[1]).at(1_s),
                                          from_port(port[0]).at(2_s), from_port(port[2]).at(3_s)})),
            Rows({"1s+0ns 1/0 lack_of_resources not_applicable first_packet seg0",
                  "0ns+2s 2/0 forced_end not_applicable first_packet seg0",
                  "3s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Limits, WithinOneSecondTheOlderFlowLeaves) {
  const auto port = ports_of_one_partition(3);
  // The older flow had the later packet, but both last arrived in second 1.
  EXPECT_EQ(times_of(rows_of(at_most(2), {from_port(port[0]).at(1'000_ms), from_port(port[1]).at(1'100_ms),
                                          from_port(port[0]).at(1'900_ms), from_port(port[2]).at(2_s)}))
                .front(),
            "1s+900ms 2/0 lack_of_resources not_applicable first_packet seg0");
}

TEST(Limits, OtherPartitionsAreNotTouched) {
  std::vector<packet_event> events;
  for (std::uint16_t port = 1; port <= 200; ++port) events.push_back(from_port(port).at(port));
  std::size_t evicted = 0;
  for (const std::string& row : rows_of(at_most(1), events))
    evicted += row.find("lack_of_resources") != std::string::npos ? 1 : 0;
  std::vector<bool> used(kPartitions, false);
  std::size_t crowded = 0;
  for (const packet_event& packet : events) {
    const std::uint8_t partition = partition_of(key_of(packet, KeyRule::kFull).key);
    crowded += used[partition] ? 1 : 0;
    used[partition] = true;
  }
  EXPECT_GT(crowded, 0U);
  EXPECT_EQ(evicted, crowded);
}

TEST(Limits, LingeringFlowsCount) {
  const auto port = ports_of_one_partition(2);
  // TCP and UDP of one port are different keys: look for a TCP port in the partition of the UDP flow.
  const std::uint8_t wanted = partition_of(key_of(from_port(port[0]), KeyRule::kFull).key);
  std::uint16_t tcp_port = 1;
  const auto tcp = [](std::uint16_t p) { return event().tcp("10.0.0.1", p, "10.0.0.2", 53).flags("R"); };
  while (partition_of(key_of(tcp(tcp_port), KeyRule::kFull).key) != wanted) ++tcp_port;
  EXPECT_EQ(times_of(rows_of(at_most(1), {tcp(tcp_port).at(0), from_port(port[0]).at(1_s)})),
            Rows({"0ns+0ns 1/0 lack_of_resources reset first_packet seg0 reset_before_hs",
                  "1s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Limits, ALongFloodEvictsInOrder) {
  // One place, many flows: each new one takes the place of the one before.
  const auto port = ports_of_one_partition(40);
  std::vector<packet_event> events;
  Rows expected;
  for (std::size_t i = 0; i < port.size(); ++i) {
    events.push_back(from_port(port[i]).at(static_cast<std::int64_t>(i) * 300_ms));
    expected.push_back(time_text(static_cast<std::int64_t>(i) * 300_ms) + "+0ns 1/0 " +
                       (i + 1 < port.size() ? "lack_of_resources" : "forced_end") +
                       " not_applicable first_packet seg0");
  }
  EXPECT_EQ(times_of(rows_of(at_most(1), events)), expected);
}

TEST(Limits, AQuarterOfMaxFlowsIsRememberedTheOldestLeavesFirst) {
  // 4 a partition: one cut flow is remembered. Both end by active timeout; only the later one is continued.
  const auto port = ports_of_one_partition(2);
  LifeCycle rules = at_most(4);
  rules.active_timeout_ns = 10_s;
  const Rows rows = rows_of(rules, {from_port(port[0]).at(0), from_port(port[1]).at(1_s), from_port(port[0]).at(30_s),
                                    from_port(port[1]).at(30_s)});
  EXPECT_EQ(times_of(rows), Rows({"0ns+0ns 1/0 active_timeout not_applicable first_packet seg0",
                                  "1s+0ns 1/0 active_timeout not_applicable first_packet seg0",
                                  "30s+0ns 1/0 forced_end not_applicable first_packet seg0",
                                  "30s+0ns 1/0 forced_end not_applicable inherited seg1"}));
}

TEST(Limits, EvictedFlowsAreNotContinued) {
  const auto port = ports_of_one_partition(2);
  LifeCycle rules = at_most(4);
  rules.max_flows = kPartitions;
  EXPECT_EQ(times_of(rows_of(rules, {from_port(port[0]).at(0), from_port(port[1]).at(1_s), from_port(port[0]).at(2_s)}))
                .back(),
            "2s+0ns 1/0 forced_end not_applicable first_packet seg0");
}

}  // namespace
}  // namespace flowgauge::test
