#include "core/flow/eviction_queue.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <tuple>
#include <vector>

#include "core/flow/clock.h"
#include "core/flow/flow_record.h"

namespace flowgauge {
namespace {

// A partition as the flow table keeps it, of flows that have times alone.
class Partition {
 public:
  std::uint32_t add(std::int64_t second) {
    const auto [record, index] = pool_.allocate();
    BasicFlow& flow = basic_flow(record);
    flow.creation = next_creation_++;
    flow.slot_hash = static_cast<std::uint32_t>(flow.creation * 7);
    flow.live = true;
    flow.arrived_last_ns = second * kNsPerSecond;
    index_.insert(flow.slot_hash, index);
    return index;
  }
  BasicFlow& flow(std::uint32_t record) { return basic_flow(pool_.at(record)); }
  void touch(std::uint32_t record, std::int64_t second) { flow(record).arrived_last_ns = second * kNsPerSecond; }
  void end(std::uint32_t record) {
    flow(record).live = false;
    index_.erase(flow(record).slot_hash, record);
    pool_.free(record);
  }
  std::uint32_t evict(std::int64_t clock_second) {
    const std::uint32_t record = queue_.take_oldest(index_, pool_, clock_second);
    end(record);
    return record;
  }
  void shift(std::int64_t seconds, const std::vector<std::uint32_t>& records) {
    for (const std::uint32_t record : records) flow(record).arrived_last_ns += seconds * kNsPerSecond;
    queue_.forget();
  }

 private:
  PartitionIndex index_;
  RecordPool pool_{sizeof(BasicFlow)};
  EvictionQueue queue_;
  std::uint64_t next_creation_ = 0;
};

TEST(EvictionQueue, TheLowestSecondLeavesFirstThenTheOlderFlow) {
  Partition partition;
  const auto a = partition.add(7);
  const auto b = partition.add(5);
  const auto c = partition.add(5);
  partition.flow(b).arrived_last_ns += 999'999'999;  // within its second it is no younger than c
  EXPECT_EQ(partition.evict(10), b);
  EXPECT_EQ(partition.evict(10), c);
  EXPECT_EQ(partition.evict(10), a);
}

TEST(EvictionQueue, PacketsSinceTheScanCount) {
  Partition partition;
  const auto a = partition.add(1);
  const auto b = partition.add(2);
  const auto c = partition.add(3);
  const auto d = partition.add(4);
  EXPECT_EQ(partition.evict(10), a);
  partition.touch(b, 10);
  EXPECT_EQ(partition.evict(10), c);
  EXPECT_EQ(partition.evict(10), d);
  EXPECT_EQ(partition.evict(10), b);
}

TEST(EvictionQueue, WhatIsYoungerThanTheScanTakesPartAfterAnother) {
  Partition partition;
  const auto a = partition.add(1);
  const auto b = partition.add(2);
  EXPECT_EQ(partition.evict(10), a);
  const auto c = partition.add(11);
  partition.touch(b, 12);  // now beyond the scan: c, which it does not have, is older
  EXPECT_EQ(partition.evict(12), c);
  EXPECT_EQ(partition.evict(12), b);
}

TEST(EvictionQueue, EndedFlowsAreSkippedAndTheirRecordsMayServeOthers) {
  Partition partition;
  const auto a = partition.add(1);
  const auto b = partition.add(2);
  const auto c = partition.add(3);
  EXPECT_EQ(partition.evict(10), a);
  partition.end(b);
  const auto again = partition.add(10);
  ASSERT_EQ(again, b);  // the same record, another creation
  EXPECT_EQ(partition.evict(10), c);
  EXPECT_EQ(partition.evict(10), again);
}

TEST(EvictionQueue, ForgetsItsScanWhenAllTimesMove) {
  Partition partition;
  const auto a = partition.add(100);
  const auto b = partition.add(101);
  const auto c = partition.add(102);
  EXPECT_EQ(partition.evict(110), a);
  partition.shift(-90, {b, c});
  EXPECT_EQ(partition.evict(20), b);
  EXPECT_EQ(partition.evict(20), c);
}

TEST(EvictionQueue, AgreesWithASearchThroughAll) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same every time
  Partition partition;
  std::vector<std::uint32_t> flows;
  std::int64_t clock = -20;  // also over the epoch
  for (int step = 0; step < 5000; ++step) {
    clock += random() % 4 == 0 ? 1 : 0;
    if (flows.size() < 12) {
      flows.push_back(partition.add(clock));
      continue;
    }
    switch (random() % 3) {
      case 0:
        partition.touch(flows[random() % flows.size()], clock);
        break;
      case 1: {
        const std::size_t at = random() % flows.size();
        partition.end(flows[at]);
        flows.erase(flows.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      }
      default: {
        const auto age = [&](std::uint32_t record) {
          const BasicFlow& flow = partition.flow(record);
          return std::tuple(second_of(flow.arrived_last_ns), flow.creation);
        };
        auto oldest = flows.begin();
        for (auto flow = flows.begin(); flow != flows.end(); ++flow)
          if (age(*flow) < age(*oldest)) oldest = flow;
        ASSERT_EQ(partition.evict(clock), *oldest) << "step " << step;
        flows.erase(oldest);
      }
    }
  }
}

}  // namespace
}  // namespace flowgauge
