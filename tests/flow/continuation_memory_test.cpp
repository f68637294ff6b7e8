#include "core/flow/continuation_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

namespace flowgauge {
namespace {

constexpr std::int64_t kKeepNs = 100;

FlowKey key(std::uint16_t port) {
  FlowKey key{};
  key.port = {port, 80};
  key.vlan_id = FlowKey::kNoVlan;
  return key;
}

// All keys are looked for at few hashes, so that they meet in the index.
ContinuationMemory::Where where(std::uint16_t port, std::uint8_t partition = 0) {
  return {partition, static_cast<std::uint32_t>(14 + port % 3)};
}

ContinuationMemory::Ended ended(std::uint32_t segment, std::int64_t arrived_last_ns) {
  return {static_cast<Endpoint>(segment & 1), segment, arrived_last_ns};
}

std::optional<std::uint32_t> segment_of(ContinuationMemory& memory, std::uint16_t port, std::int64_t clock_ns) {
  const auto found = memory.take(where(port), key(port), clock_ns);
  return found ? std::optional(found->segment) : std::nullopt;
}

TEST(ContinuationMemory, WhatIsRememberedIsTakenOnce) {
  ContinuationMemory memory(4, kKeepNs);
  memory.remember(where(1), key(1), ended(7, 10), 10);
  EXPECT_EQ(segment_of(memory, 2, 11), std::nullopt);
  const auto found = memory.take(where(1), key(1), 11);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->segment, 7U);
  EXPECT_EQ(found->source, 1U);
  EXPECT_EQ(found->arrived_last_ns, 10);
  EXPECT_EQ(segment_of(memory, 1, 11), std::nullopt);
}

TEST(ContinuationMemory, TheOldestLeavesWhereAPartitionIsFull) {
  ContinuationMemory memory(3, kKeepNs);
  for (std::uint16_t port = 1; port <= 4; ++port) memory.remember(where(port), key(port), ended(port, port), port);
  EXPECT_EQ(segment_of(memory, 1, 5), std::nullopt);
  for (const std::uint16_t port : {4, 2, 3}) EXPECT_EQ(segment_of(memory, port, 5), port);
}

TEST(ContinuationMemory, PartitionsHaveTheirOwnRoom) {
  ContinuationMemory memory(1, kKeepNs);
  memory.remember(where(1, 0), key(1), ended(1, 0), 0);
  memory.remember(where(2, 255), key(2), ended(2, 0), 0);
  EXPECT_FALSE(memory.take(where(1, 255), key(1), 0));
  EXPECT_TRUE(memory.take(where(1, 0), key(1), 0));
  EXPECT_TRUE(memory.take(where(2, 255), key(2), 0));
}

TEST(ContinuationMemory, KeepsUpToItsTimeAndNoLonger) {
  ContinuationMemory memory(4, kKeepNs);
  memory.remember(where(1), key(1), ended(1, 10), 10);
  memory.remember(where(2), key(2), ended(2, 10), 10);
  EXPECT_EQ(segment_of(memory, 1, 10 + kKeepNs), 1U);
  EXPECT_EQ(segment_of(memory, 2, 11 + kKeepNs), std::nullopt);
}

TEST(ContinuationMemory, ShiftMovesTheTimesOfAll) {
  ContinuationMemory memory(4, kKeepNs);
  memory.remember(where(1), key(1), ended(1, 10), 10);
  memory.remember(where(2), key(2), ended(2, 10), 10);
  memory.shift(1000);
  EXPECT_EQ(segment_of(memory, 1, 1010 + kKeepNs), 1U);
  EXPECT_EQ(segment_of(memory, 2, 1011 + kKeepNs), std::nullopt);
}

TEST(ContinuationMemory, WithoutRoomItRemembersNothing) {
  ContinuationMemory memory(0, kKeepNs);
  memory.remember(where(1), key(1), ended(1, 0), 0);
  EXPECT_EQ(segment_of(memory, 1, 0), std::nullopt);
}

TEST(ContinuationMemory, AgreesWithAListWhateverTheOrder) {
  struct Known {
    std::uint16_t port;
    std::uint32_t segment;
    std::int64_t arrived_ns;
  };
  constexpr std::size_t kRoom = 20;  // more than the 16 entries it begins with
  std::mt19937 random(1);            // NOLINT(cert-msc51-cpp): the same every time
  ContinuationMemory memory(kRoom, kKeepNs);
  std::vector<Known> model;  // oldest first
  std::int64_t clock = 0;
  for (std::uint32_t step = 0; step < 20'000; ++step) {
    clock += random() % 8;
    const auto port = static_cast<std::uint16_t>(random() % 40);
    const auto known = std::find_if(model.begin(), model.end(), [&](const Known& one) { return one.port == port; });
    if (known != model.end() || random() % 2 == 0) {
      std::optional<std::uint32_t> expected;
      if (known != model.end()) {
        if (clock - known->arrived_ns <= kKeepNs) expected = known->segment;
        model.erase(known);
      }
      ASSERT_EQ(segment_of(memory, port, clock), expected) << "step " << step;
    } else {
      while (!model.empty() && (model.size() >= kRoom || clock - model.front().arrived_ns > kKeepNs))
        model.erase(model.begin());
      model.push_back({port, step, clock});
      memory.remember(where(port), key(port), ended(step, clock), clock);
    }
  }
}

}  // namespace
}  // namespace flowgauge
