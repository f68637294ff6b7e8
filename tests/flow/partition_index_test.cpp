#include "core/flow/partition_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace flowgauge {
namespace {

using testing::UnorderedElementsAre;

constexpr std::uint32_t kNone = PartitionIndex::kNone;
constexpr std::uint32_t kFirstSlots = 16;  // that an index begins with; it doubles beyond 10 records

std::vector<std::uint32_t> records_of(const PartitionIndex& index) {
  std::vector<std::uint32_t> records;
  index.for_each([&](std::uint32_t record) { records.push_back(record); });
  return records;
}

// The record itself by its hash, as a flow table finds it by its key.
bool has(const PartitionIndex& index, std::uint32_t hash, std::uint32_t record) {
  return index.find(hash, [&](std::uint32_t candidate) { return candidate == record; }) == record;
}

TEST(PartitionIndex, EmptyOneFindsNothing) {
  const PartitionIndex index;
  EXPECT_EQ(index.size(), 0U);
  EXPECT_EQ(index.guess(0), kNone);
  EXPECT_TRUE(records_of(index).empty());
}

TEST(PartitionIndex, TellsRecordsOfOneHashApart) {
  PartitionIndex index;
  index.insert(7, 1);
  index.insert(7, 2);
  index.insert(7 + kFirstSlots, 3);  // the same slot, another hash
  EXPECT_EQ(index.guess(7), 1U);
  EXPECT_TRUE(has(index, 7, 2));
  EXPECT_TRUE(has(index, 7 + kFirstSlots, 3));
  EXPECT_FALSE(has(index, 7, 3));
  EXPECT_EQ(index.guess(8), kNone);
}

TEST(PartitionIndex, DeletionMovesBackWhatMayStandAtTheHole) {
  PartitionIndex index;
  for (const std::uint32_t record : {10U, 11U, 12U}) index.insert(3, record);  // slots 3, 4, 5
  index.insert(4, 20);                                                         // wants 4, stands at 6
  index.insert(7, 30);                                                         // wants 7, stands there
  index.erase(3, 10);
  EXPECT_TRUE(has(index, 3, 11));
  EXPECT_TRUE(has(index, 3, 12));
  EXPECT_TRUE(has(index, 4, 20));
  EXPECT_TRUE(has(index, 7, 30));
  EXPECT_THAT(records_of(index), UnorderedElementsAre(11, 12, 20, 30));
  EXPECT_EQ(index.size(), 4U);
}

TEST(PartitionIndex, DeletionGoesAcrossTheEndOfTheArray) {
  PartitionIndex index;
  index.insert(14, 1);  // slot 14
  index.insert(14, 2);  // slot 15
  index.insert(14, 3);  // slot 0
  index.insert(15, 4);  // slot 1
  index.insert(0, 5);   // slot 2
  index.insert(2, 6);   // slot 3
  index.erase(14, 1);
  for (const std::uint32_t record : {2U, 3U}) EXPECT_TRUE(has(index, 14, record)) << record;
  EXPECT_TRUE(has(index, 15, 4));
  EXPECT_TRUE(has(index, 0, 5));
  EXPECT_TRUE(has(index, 2, 6));
  index.erase(14, 2);
  index.erase(15, 4);
  EXPECT_TRUE(has(index, 14, 3));
  EXPECT_TRUE(has(index, 0, 5));
  EXPECT_TRUE(has(index, 2, 6));
  EXPECT_THAT(records_of(index), UnorderedElementsAre(3, 5, 6));
}

TEST(PartitionIndex, WhatStandsWhereItWantsStaysWhenTheSlotBeforeTheEndGoes) {
  PartitionIndex index;
  index.insert(15, 1);
  index.insert(0, 2);  // wants slot 0: must not move to 15
  index.erase(15, 1);
  EXPECT_TRUE(has(index, 0, 2));
}

// Few hashes, so that runs are long and cross the end of the array; sizes about the points where it grows.
TEST(PartitionIndex, AgreesWithAMapWhateverTheOrder) {
  for (const std::uint32_t hashes : {1U, 3U, 40U, 100'000U}) {
    std::mt19937 random(hashes);  // NOLINT(cert-msc51-cpp): the same every time
    PartitionIndex index;
    std::map<std::uint32_t, std::uint32_t> model;  // record -> hash
    std::vector<std::uint32_t> records;
    std::uint32_t next = 0;
    for (int step = 0; step < 4000; ++step) {
      const std::uint32_t most = step % 1000 < 500 ? 60 : 8;
      if (records.empty() || (records.size() < most && random() % 2 == 0)) {
        const std::uint32_t hash = 0xfffffff0U + random() % hashes;  // also around where hashes wrap
        index.insert(hash, next);
        model[next] = hash;
        records.push_back(next++);
      } else {
        const std::size_t at = random() % records.size();
        index.erase(model[records[at]], records[at]);
        model.erase(records[at]);
        records[at] = records.back();
        records.pop_back();
      }
      ASSERT_EQ(index.size(), model.size());
      for (const auto& [record, hash] : model) ASSERT_TRUE(has(index, hash, record)) << "step " << step;
      std::vector<std::uint32_t> there = records_of(index);
      std::vector<std::uint32_t> expected = records;
      std::sort(there.begin(), there.end());
      std::sort(expected.begin(), expected.end());
      ASSERT_EQ(there, expected) << "step " << step;
    }
  }
}

}  // namespace
}  // namespace flowgauge
