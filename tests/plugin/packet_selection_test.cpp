// Which packets fit, and that a feature with filters is shown those with all that belongs to them, and no others.
#include "core/plugin/packet_selection.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/plugin/feature_set.h"
#include "tests/plugin/memory_feature.h"

namespace flowgauge {
namespace {

constexpr std::uint8_t kIcmp = 1;
constexpr std::uint8_t kTcp = 6;
constexpr std::uint8_t kUdp = 17;

fg_key between(std::uint16_t source_port, std::uint16_t destination_port) {
  fg_key key{};
  key.source_port = source_port;
  key.destination_port = destination_port;
  return key;
}

TEST(PacketFilters, Fit) {
  struct Case {
    const char* name;
    std::vector<fg_packet_filter> filters;
    std::uint8_t protocol;
    std::uint16_t source_port, destination_port;
    bool fits;
  };
  const std::vector<fg_packet_filter> https = {{kTcp, 0, 443}};
  const std::vector<fg_packet_filter> dns = {{0, 0, 53}};
  const std::vector<fg_packet_filter> several = {{kUdp, 0, 65535}, {kIcmp, 0, 0}, {kTcp, 0, 1}, {0, 0, 80}};
  for (const Case& one : {
           Case{"the port at the destination", https, kTcp, 50000, 443, true},
           Case{"the port at the source", https, kTcp, 443, 50000, true},
           Case{"the port of another protocol", https, kUdp, 50000, 443, false},
           Case{"another port", https, kTcp, 50000, 444, false},
           Case{"a later fragment without its first", https, kTcp, 0, 0, false},
           Case{"the port of any protocol, TCP", dns, kTcp, 50000, 53, true},
           Case{"the port of any protocol, SCTP", dns, 132, 53, 9, true},
           Case{"no port", dns, kIcmp, 0, 0, false},
           Case{"the first of several", several, kUdp, 65535, 7, true},
           Case{"the second", several, kIcmp, 0, 0, true},
           Case{"the third", several, kTcp, 7, 1, true},
           Case{"the fourth", several, kUdp, 80, 7, true},
           Case{"none of several", several, kUdp, 1, 443, false},
           Case{"protocol 0 is none that is told", several, 0, 0, 0, false},
           Case{"the last protocol", {{255, 0, 0}}, 255, 0, 0, true},
       })
    EXPECT_EQ(PacketFilters(one.filters).fit(one.protocol, between(one.source_port, one.destination_port)), one.fits)
        << one.name;
}

TEST(PacketFilters, AreEqualInAnyOrder) {
  const std::vector<fg_packet_filter> one = {{kTcp, 0, 443}, {kUdp, 0, 0}, {kTcp, 0, 80}};
  const std::vector<fg_packet_filter> other = {{kTcp, 0, 80}, {kTcp, 0, 443}, {kUdp, 0, 0}};
  const std::vector<fg_packet_filter> fewer = {{kTcp, 0, 80}, {kTcp, 0, 443}};
  EXPECT_EQ(PacketFilters(one), PacketFilters(other));
  EXPECT_NE(PacketFilters(one), PacketFilters(fewer));
}

TEST(PacketFilters, Texts) {
  EXPECT_EQ(filter_text({kTcp, 0, 443}), "tcp port 443");
  EXPECT_EQ(filter_text({kUdp, 0, 0}), "udp");
  EXPECT_EQ(filter_text({0, 0, 53}), "port 53");
  EXPECT_EQ(filter_text({kIcmp, 0, 0}), "icmp");
  EXPECT_EQ(filter_text({253, 0, 0}), "protocol 253");
  EXPECT_EQ(filter_text({136, 0, 7}), "udplite port 7");
}

// ---------------------------------------------------------------- in a set of features

// What one call of update was shown, packet by packet, as numbers that the test has put there.
using ShownPackets = std::vector<std::array<std::uint64_t, 9>>;
std::map<std::string, std::vector<ShownPackets>>* calls_seen = nullptr;  // by feature

template <class T>
const T& item(const unsigned char* items, std::uint32_t index, std::uint32_t stride) {
  return *reinterpret_cast<const T*>(items + std::size_t{index} * stride);
}

// Each array has its packet's number in it, or is not there.
ShownPackets read_shown(const fg_batch& batch) {
  ShownPackets shown;
  for (std::uint32_t i = 0; i < batch.count; ++i) {
    const std::uint64_t kNone = 0;
    shown.push_back(
        {item<fg_packet>(batch.packets, i, batch.packet_stride).ip_length_bytes,
         static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(batch.records[i])),
         batch.keys == nullptr ? kNone : item<fg_key>(batch.keys, i, batch.key_stride).source_address[0],
         batch.timestamps_ns == nullptr ? kNone : static_cast<std::uint64_t>(batch.timestamps_ns[i]),
         batch.tags == nullptr ? kNone : item<fg_tags>(batch.tags, i, batch.tags_stride).tunnel_id,
         batch.payloads == nullptr ? kNone : item<fg_payload>(batch.payloads, i, batch.payload_stride).size_bytes,
         batch.fields == nullptr ? kNone : item<fg_fields>(batch.fields, i, batch.fields_stride).ip_id,
         batch.headers == nullptr ? kNone : item<fg_headers>(batch.headers, i, batch.headers_stride).size_bytes,
         batch.ring_drops});
  }
  return shown;
}

template <int Which>
Feature choosy_feature(const char* name, fg_needs needs, std::vector<fg_packet_filter> filters) {
  static std::string own_name;
  own_name = name;
  Feature made =
      test::made_feature({.name = name, .needs = needs, .payload_bytes = (needs & FG_NEEDS_PAYLOAD) != 0 ? 30U : 0U});
  made.packet_filters = std::move(filters);
  made.table.update = [](void*, const fg_batch* batch) -> fg_status {
    (*calls_seen)[own_name].push_back(read_shown(*batch));
    if (batch->ends != nullptr) batch->ends[batch->count - 1] = 1;
    return FG_OK;
  };
  return made;
}

class PacketSelectionTest : public ::testing::Test {
 protected:
  void SetUp() override { calls_seen = &seen_; }
  void TearDown() override { calls_seen = nullptr; }

  std::unique_ptr<FeatureSet> set_of(std::vector<Feature> features) {
    features_ = std::move(features);
    std::vector<ActiveFeature> active;
    for (const Feature& one : features_) active.push_back({&one, {}});
    const RecordLayout layout = lay_out_record(std::span<const ActiveFeature>(active), 64);
    return *FeatureSet::create(std::move(active), layout, 0);
  }

  // Packet i is packet number 10 + i, of a flow of that protocol to that port.
  struct Flow {
    std::uint8_t protocol;
    std::uint16_t port;
  };
  static std::unique_ptr<PacketBatch> batch_of(const std::vector<Flow>& flows) {
    auto batch = std::make_unique<PacketBatch>();
    batch->count = static_cast<std::uint32_t>(flows.size());
    batch->ring_drops = 77;
    for (std::uint32_t i = 0; i < batch->count; ++i) {
      const std::uint32_t number = 10 + i;
      batch->packets[i] = {};
      batch->packets[i].ip_protocol = flows[i].protocol;
      batch->packets[i].ip_length_bytes = number;
      batch->records[i] = reinterpret_cast<unsigned char*>(std::uintptr_t{number});
      batch->keys[i] = between(50000, flows[i].port);
      batch->keys[i].source_address[0] = static_cast<std::uint8_t>(number);
      batch->timestamps_ns[i] = number;
      batch->tags[i] = {};
      batch->tags[i].tunnel_id = number;
      batch->payloads[i] = {nullptr, number, 0};
      batch->fields[i] = {};
      batch->fields[i].ip_id = number;
      batch->headers[i] = {nullptr, number, 0};
    }
    return batch;
  }

  std::map<std::string, std::vector<ShownPackets>> seen_;
  std::vector<Feature> features_;
};

std::array<std::uint64_t, 9> numbered(std::uint64_t number) {
  return {number, number, number, number, number, number, number, number, 77};
}

constexpr fg_needs kEverything =
    FG_NEEDS_KEY | FG_NEEDS_TIME | FG_NEEDS_TAGS | FG_NEEDS_PAYLOAD | FG_NEEDS_FIELDS | FG_NEEDS_HEADERS;

TEST_F(PacketSelectionTest, WhatFitsComesWithAllThatBelongsToIt) {
  const auto set =
      set_of({choosy_feature<0>("https", kEverything, {{kTcp, 0, 443}}), choosy_feature<1>("all", kEverything, {}),
              choosy_feature<2>("udp", FG_NEEDS_NOTHING, {{kUdp, 0, 0}})});
  ASSERT_TRUE(set->update(*batch_of({{kUdp, 443}, {kTcp, 443}, {kTcp, 80}, {kTcp, 443}, {kUdp, 53}})));
  EXPECT_EQ(seen_["https"], (std::vector<ShownPackets>{{numbered(11), numbered(13)}}));
  EXPECT_EQ(seen_["all"],
            (std::vector<ShownPackets>{{numbered(10), numbered(11), numbered(12), numbered(13), numbered(14)}}));
  EXPECT_EQ(seen_["udp"],
            (std::vector<ShownPackets>{{{10, 10, 0, 0, 0, 0, 0, 0, 77}, {14, 14, 0, 0, 0, 0, 0, 0, 77}}}));
}

TEST_F(PacketSelectionTest, WhereNothingFitsUpdateIsNotCalled) {
  const auto set = set_of({choosy_feature<0>("https", kEverything, {{kTcp, 0, 443}})});
  ASSERT_TRUE(set->update(*batch_of({{kTcp, 80}, {kUdp, 443}})));
  EXPECT_TRUE(seen_.empty());
  ASSERT_TRUE(set->update(*batch_of({{kTcp, 80}, {kTcp, 443}})));
  ASSERT_TRUE(set->update(*batch_of({{kTcp, 443}, {kTcp, 443}})));
  ASSERT_TRUE(set->update(*batch_of({{kTcp, 80}})));
  EXPECT_EQ(seen_["https"], (std::vector<ShownPackets>{{numbered(11)}, {numbered(10), numbered(11)}}));
}

// Features with the same filters share the packets, and still see what each of them needs, no more.
TEST_F(PacketSelectionTest, EqualFiltersAndUnequalNeeds) {
  const auto set = set_of({choosy_feature<0>("key", FG_NEEDS_KEY, {{kTcp, 0, 443}, {kUdp, 0, 0}}),
                           choosy_feature<1>("payload", FG_NEEDS_PAYLOAD, {{kUdp, 0, 0}, {kTcp, 0, 443}})});
  ASSERT_TRUE(set->update(*batch_of({{kTcp, 80}, {kTcp, 443}, {kUdp, 1}})));
  EXPECT_EQ(seen_["key"],
            (std::vector<ShownPackets>{{{11, 11, 11, 0, 0, 0, 0, 0, 77}, {12, 12, 12, 0, 0, 0, 0, 0, 77}}}));
  EXPECT_EQ(seen_["payload"],
            (std::vector<ShownPackets>{{{11, 11, 0, 0, 0, 11, 0, 0, 77}, {12, 12, 0, 0, 0, 12, 0, 0, 77}}}));
}

TEST_F(PacketSelectionTest, AWholeBatchOf64) {
  const auto set = set_of({choosy_feature<0>("udp", FG_NEEDS_TIME, {{kUdp, 0, 0}})});
  std::vector<Flow> flows(kBatchPackets, Flow{kUdp, 1});
  ASSERT_TRUE(set->update(*batch_of(flows)));
  flows[0].protocol = kTcp;
  ASSERT_TRUE(set->update(*batch_of(flows)));
  ASSERT_EQ(seen_["udp"].size(), 2U);
  EXPECT_EQ(seen_["udp"][0].size(), kBatchPackets);
  ASSERT_EQ(seen_["udp"][1].size(), kBatchPackets - 1);
  EXPECT_EQ(seen_["udp"][1].back()[3], 10 + kBatchPackets - 1);
}

TEST_F(PacketSelectionTest, AnEndIsAskedForOnlyWithAPacketThatFits) {
  Feature ender = choosy_feature<0>("ender", FG_NEEDS_NOTHING, {{kUdp, 0, 0}});
  ender.ends = {{"enough", "It has enough."}};
  const auto set = set_of({choosy_feature<1>("other", FG_NEEDS_NOTHING, {}), ender});
  ASSERT_TRUE(set->update(*batch_of({{kUdp, 1}})));
  EXPECT_EQ(set->end_asked(), 1U);
  ASSERT_TRUE(set->update(*batch_of({{kTcp, 1}})));
  EXPECT_EQ(set->end_asked(), 0U);
}

TEST(PacketSelection, KeysAreAskedForWhereAFilterTellsAPort) {
  Feature made = test::made_feature({});
  const ActiveFeature active[] = {{&made, {}}};
  made.packet_filters = {{kUdp, 0, 0}};
  EXPECT_EQ(needs_of(active), FG_NEEDS_NOTHING);
  made.packet_filters = {{kUdp, 0, 0}, {0, 0, 53}};
  EXPECT_EQ(needs_of(active), kNeedsPorts);
}

}  // namespace
}  // namespace flowgauge
