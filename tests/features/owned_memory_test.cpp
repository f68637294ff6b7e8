// What features own on the heap is memory of a flow, too: counted here as they ask for it, since no descriptor says it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <new>

#include "tests/features/every_feature.h"

namespace {

std::int64_t bytes_in_use = 0;  // of what the whole process, plugins too, allocates by new

// In front of each block, at the alignment that new promises.
constexpr std::size_t kHeaderBytes = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) {
  auto* block = static_cast<unsigned char*>(std::malloc(kHeaderBytes + size));
  if (block == nullptr) throw std::bad_alloc();
  *reinterpret_cast<std::size_t*>(block) = size;
  bytes_in_use += static_cast<std::int64_t>(size);
  return block + kHeaderBytes;
}
void operator delete(void* object) noexcept {
  if (object == nullptr) return;
  auto* block = static_cast<unsigned char*>(object) - kHeaderBytes;
  bytes_in_use -= static_cast<std::int64_t>(*reinterpret_cast<std::size_t*>(block));
  std::free(block);
}
void operator delete(void* object, std::size_t) noexcept { operator delete(object); }

namespace flowgauge::test {
namespace {

// A flow of TCP that makes each family own all it ever can: bulks of both sides, a pause, holes in both sides' numbers.
std::vector<TestPacket> greedy_flow() {
  std::vector<TestPacket> packets;
  std::uint32_t seq = 0;
  for (int round = 0; round < 6; ++round) {
    for (const bool back : {false, true}) {
      for (int i = 0; i < 4; ++i) {
        packets.push_back((back ? backward() : forward()).flags(kAck).seq(seq += 20).payload_length(10));
        packets.back().at(round * 6 * kSecond);
      }
    }
  }
  return packets;
}

// What a feature owns for a flow after these packets.
std::int64_t owned_bytes(const fg_feature& feature, const std::vector<TestPacket>& packets) {
  FeatureHost host(feature);
  host.flow(0);
  const std::int64_t before = bytes_in_use;
  EXPECT_EQ(host.update(packets), FG_OK);
  return bytes_in_use - before;
}

using BytesByFamily = std::map<std::string, std::int64_t>;
const std::set<std::string> kBeside = {"quality",          "ttl", "size_bins", "retransmission_bytes", "first_packets",
                                       "packet_histograms"};
const BytesByFamily kMost = {{"active_idle", 96}, {"bulk", 224}, {"retransmission", 60}, {"retransmission_bytes", 60}};

// docs/engineering-notes.md has the same numbers, docs/columns.md their sum.
TEST(OwnedMemory, FourFamiliesOwnSome) {
  BytesByFamily owned;
  for (const fg_feature* feature : built_features()) {
    if (const std::int64_t bytes = owned_bytes(*feature, greedy_flow()); bytes != 0) owned[feature->name] = bytes;
  }
  EXPECT_EQ(owned, kMost);
}

TEST(OwnedMemory, NoTrafficMakesThemOwnMore) {
  for (const fg_feature* feature : built_features()) {
    const std::int64_t most = kMost.contains(feature->name) ? kMost.at(feature->name) : 0;
    for (std::size_t flow = 0; flow < kFlows; ++flow) {
      EXPECT_LE(owned_bytes(*feature, packets_of(flow)), most) << feature->name << ", flow " << flow;
    }
  }
}

// The first 30 lie in the state. Where a profile asks for more, room for all of these comes with the 31st packet.
TEST(OwnedMemory, FirstPacketsOwnRoomForThoseBeyond30) {
  fg_value most{};
  most.u64 = 255;
  fg_value which{};
  which.string = {"all", 3};
  const std::vector<TestPacket> packets(300, forward());
  const std::int64_t before = bytes_in_use;
  {
    FeatureHost host(built_feature("first_packets"), {most, which});
    host.flow(0);
    const std::int64_t none = bytes_in_use;
    ASSERT_EQ(host.update({packets.begin(), packets.begin() + 30}), FG_OK);
    EXPECT_EQ(bytes_in_use - none, 0);
    ASSERT_EQ(host.update({packets.begin() + 30, packets.begin() + 31}), FG_OK);
    EXPECT_EQ(bytes_in_use - none, 24 + 225 * 24);
    ASSERT_EQ(host.update({packets.begin() + 31, packets.end()}), FG_OK);
    EXPECT_EQ(bytes_in_use - none, 24 + 225 * 24);
  }
  EXPECT_EQ(bytes_in_use, before);
}

// Semantics 5 has 14 families beside the host's own, `quality`, which is for live traffic alone, and those that tables
// of certain data sets want; all that they keep of a flow, in its record and on the heap, is bounded.
TEST(OwnedMemory, AFlowHas1008BytesAtMost) {
  std::int64_t bytes = 0;
  std::string each;
  for (const fg_feature* feature : built_features()) {
    if (kBeside.contains(feature->name)) continue;
    const std::int64_t owned = owned_bytes(*feature, greedy_flow());
    bytes += feature->state_size + owned;
    each +=
        std::string(feature->name) + ' ' + std::to_string(feature->state_size) + " + " + std::to_string(owned) + "; ";
  }
  EXPECT_EQ(built_features().size(), 14 + kBeside.size());
  EXPECT_LE(bytes, 1008) << each;
}

}  // namespace
}  // namespace flowgauge::test
