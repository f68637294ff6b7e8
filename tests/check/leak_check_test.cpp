// What the leak check finds in features that lie, and that it leaves honest ones in peace.
#include "core/check/leak_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "core/check/generated_flows.h"
#include "core/packet/endpoint_class.h"
#include "core/plugin/module_store.h"
#include "core/plugin/packet_filters.h"
#include "tests/plugin/memory_feature.h"

namespace flowgauge {
namespace {

using test::FeatureSpec;
using test::made_feature;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// "column: classes", with a star where only the extremes moved.
std::vector<std::string> leaks_of(const Feature& feature) {
  Result<OptionValues> options = parse_options(feature, {}, "defaults");
  EXPECT_TRUE(options) << (options ? "" : options.error().message);
  const auto leaks = find_leaks({&feature, *std::move(options)});
  EXPECT_TRUE(leaks) << (leaks ? "" : leaks.error().message);
  std::vector<std::string> out;
  for (const Leak& leak : *leaks)
    out.push_back(fmt::format("{}: {}{}", leak.column, leak.undeclared, leak.extremes_alone ? "*" : ""));
  return out;
}

template <class T>
const T& item(const unsigned char* items, std::uint32_t stride, std::size_t index) {
  return *reinterpret_cast<const T*>(items + index * stride);
}

TEST(LeakCheck, TheSmugglerIsSeenThroughColumnByColumn) {
  ModuleStore store;
  const auto module = store.load({.path = SMUGGLER});
  ASSERT_TRUE(module) << module.error().message;
  const Feature& feature = (*module)->features.at(0);
  EXPECT_THAT(leaks_of(feature), ElementsAre(fmt::format("smuggler.port_bits: {}", FG_REVEALS_PORT),
                                             fmt::format("smuggler.time_bits: {}", FG_REVEALS_TIME),
                                             fmt::format("smuggler.tag_bits: {}", FG_REVEALS_PATH)));
  EXPECT_EQ(
      find_leaks({&feature, {}})->at(0).sentence,
      "smuggler.port_bits: changes with the ports of a flow, but does not declare the class 'port'; declare it, or "
      "leave out what depends on them");
}

// Writes the first byte of the source address into column 0 and the last into column 1.
Feature address_feature(std::vector<fg_column> columns) {
  Feature feature = made_feature({.needs = FG_NEEDS_KEY, .columns = std::move(columns)});
  feature.table.emit = [](void*, const fg_emit* call) -> fg_status {
    for (std::uint32_t row = 0; row < call->row_count; ++row) {
      const auto& key = item<fg_key>(call->keys, call->key_stride, row);
      static_cast<std::uint64_t*>(call->columns[0].cells)[row] = key.source_address[0];
      static_cast<std::uint64_t*>(call->columns[1].cells)[row] = key.source_address[3];
    }
    return FG_OK;
  };
  return feature;
}

TEST(LeakCheck, AColumnMayMoveWithTheClassThatItDeclares) {
  const fg_column clean = FeatureSpec::column("first");
  fg_column declared = FeatureSpec::column("last");
  // The first byte tells the scope, and moves with that alone.
  const std::string first = fmt::format("made.first: {}", FG_REVEALS_PATH);
  const std::string last = fmt::format("made.last: {}", FG_REVEALS_IDENTITY);
  EXPECT_THAT(leaks_of(address_feature({clean, declared})), ElementsAre(last, first));
  declared.reveals = FG_REVEALS_PORT;  // another class is no excuse
  EXPECT_THAT(leaks_of(address_feature({clean, declared})), ElementsAre(last, first));
  declared.reveals = FG_REVEALS_IDENTITY;
  EXPECT_THAT(leaks_of(address_feature({clean, declared})), ElementsAre(first));
}

// A series whose greatest value alone is the destination port: the sums forget it.
TEST(LeakCheck, ExtremesOfASeriesAreJudgedByTheirOwnDeclaration) {
  fg_column column = FeatureSpec::column("sizes", FG_SERIES);
  const auto feature_with = [&] {
    Feature feature = made_feature({.needs = FG_NEEDS_KEY, .columns = {column}});
    feature.table.emit = [](void*, const fg_emit* call) -> fg_status {
      for (std::uint32_t row = 0; row < call->row_count; ++row)
        static_cast<fg_series*>(call->columns[0].cells)[row].max =
            item<fg_key>(call->keys, call->key_stride, row).destination_port;
      return FG_OK;
    };
    return feature;
  };
  EXPECT_THAT(leaks_of(feature_with()), ElementsAre(fmt::format("made.sizes: {}*", FG_REVEALS_PORT)));
  column.extremes_reveal = FG_REVEALS_PORT;
  EXPECT_THAT(leaks_of(feature_with()), IsEmpty());
}

TEST(LeakCheck, NullsTextsAndListsAreComparedToo) {
  Feature feature =
      made_feature({.needs = FG_NEEDS_TAGS,
                    .columns = {FeatureSpec::column("null", FG_U64, FG_NULLABLE),
                                FeatureSpec::column("text", FG_STRING), FeatureSpec::column("list", FG_LIST_U64)}});
  feature.table.emit = [](void*, const fg_emit* call) -> fg_status {
    static constexpr std::uint64_t kItems[] = {1, 2, 3, 4};
    for (std::uint32_t row = 0; row < call->row_count; ++row) {
      const std::uint64_t bits = item<fg_tags>(call->tags, call->tags_stride, row).outer_vlan_id & 3U;
      call->columns[0].validity[row / 64] |= (bits & 1U) << (row % 64);
      static_cast<fg_string*>(call->columns[1].cells)[row] = {"abcd", bits};
      static_cast<fg_list_u64*>(call->columns[2].cells)[row] = {kItems, bits};
    }
    return FG_OK;
  };
  const std::string path = fmt::format("{}", FG_REVEALS_PATH);
  EXPECT_THAT(leaks_of(feature), ElementsAre("made.null: " + path, "made.text: " + path, "made.list: " + path));
}

TEST(LeakCheck, AMomentIsAbsoluteForItsReaderButDeclaredByTheHost) {
  EXPECT_THAT(leaks_of(made_feature({.columns = {FeatureSpec::column("moment", FG_TIME)}})), IsEmpty());
}

TEST(LeakCheck, AFailureOfTheFeatureIsTheError) {
  Feature feature = made_feature({});
  feature.table.update = [](void*, const fg_batch*) -> fg_status { return FG_ERROR; };
  const auto leaks = find_leaks({&feature, {}});
  ASSERT_FALSE(leaks);
  EXPECT_THAT(leaks.error().message, HasSubstr("feature 'made' failed in update"));
}

std::vector<std::string> texts_of(const fg_flow& flow) {
  std::vector<std::string> texts;
  for (const fg_string& text : {flow.source_scope, flow.destination_scope, flow.path_locality, flow.source_port_class,
                                flow.destination_port_class, flow.service_group})
    texts.emplace_back(text.data, text.size_bytes);
  return texts;
}

// Otherwise the check would accuse the innocent, or have nothing to see.
TEST(MadeFlows, AGuiseChangesWhatItSaysAndKeepsWhatAFeatureMayKnow) {
  const MadeFlows usual = make_flows({});
  const MadeFlows other = make_flows({.addresses = true, .ports = true, .time = true, .tags = true});
  ASSERT_EQ(usual.flows.size(), other.flows.size());
  ASSERT_EQ(usual.packets.size(), other.packets.size());
  for (std::size_t i = 0; i < usual.flows.size(); ++i) {
    const MadeFlow& a = usual.flows[i];
    const MadeFlow& b = other.flows[i];
    EXPECT_EQ(texts_of(a.view), texts_of(b.view));
    EXPECT_NE(std::memcmp(a.key.source_address, b.key.source_address, 16), 0);
    EXPECT_NE(std::memcmp(a.key.destination_address, b.key.destination_address, 16), 0);
    EXPECT_NE(std::memcmp(a.key.source_mac, b.key.source_mac, 6), 0);
    EXPECT_NE(a.key.source_port, b.key.source_port);
    EXPECT_NE(a.key.destination_port, b.key.destination_port);
    EXPECT_NE(a.first_seen_ns, b.first_seen_ns);
    EXPECT_EQ((b.first_seen_ns - a.first_seen_ns) % 1'000'000'000, 0);
    EXPECT_EQ(a.tags.vlan_count, b.tags.vlan_count);
    EXPECT_EQ(a.tags.tunnel_type, b.tags.tunnel_type);
    EXPECT_EQ(a.tags.tunnel_id == b.tags.tunnel_id, a.tags.has_tunnel_id == 0);
    EXPECT_EQ(a.tags.outer_vlan_id == b.tags.outer_vlan_id, a.tags.vlan_count == 0);
  }
  for (std::size_t i = 0; i < usual.packets.size(); ++i) {
    EXPECT_EQ(usual.packets[i].flow, other.packets[i].flow);
    EXPECT_EQ(std::memcmp(&usual.packets[i].fields, &other.packets[i].fields, sizeof(fg_packet)), 0);
  }
}

// A feature with packet filters must have something to see, or nothing where that is asked for.
TEST(MadeFlows, FitPacketFiltersOrKeepOutOfThem) {
  const std::vector<std::vector<fg_packet_filter>> cases = {{{6, 0, 443}},
                                                            {{1, 0, 0}, {0, 0, 53}},
                                                            {{6, 0, 0}, {17, 0, 0}},
                                                            {{132, 0, 80}, {17, 0, 80}, {0, 0, 443}, {0, 0, 49152}},
                                                            {{6, 0, 0}, {17, 0, 53}, {17, 0, 54}, {17, 0, 80}}};
  for (const auto& filters : cases) {
    const PacketFilters fitting(filters);
    for (const Fit fit : {Fit::kFilters, Fit::kNone}) {
      const MadeFlows made = make_flows({}, {.filters = filters, .fit = fit});
      std::vector<bool> used(filters.size());
      for (const MadeFlow& flow : made.flows) {
        EXPECT_EQ(fitting.fit(flow.view.ip_protocol, flow.key), fit == Fit::kFilters) << filter_text(filters[0]);
        for (std::size_t i = 0; i < filters.size(); ++i)
          if (PacketFilters({&filters[i], 1}).fit(flow.view.ip_protocol, flow.key)) used[i] = true;
      }
      EXPECT_EQ(std::ranges::count(used, fit == Fit::kFilters), static_cast<std::ptrdiff_t>(filters.size()));
      for (const MadePacket& packet : made.packets)
        EXPECT_EQ(packet.fields.ip_protocol, made.flows[packet.flow].view.ip_protocol);
    }
  }
}

// The packets must be such as a flow table shows: what each says of the ones before is true.
TEST(MadeFlows, PacketsSayTheTruthAboutTheirFlows) {
  const MadeFlows made = make_flows({});
  struct Seen {
    std::uint64_t packets[2] = {};
    std::uint64_t bytes[2] = {};
    std::int64_t last_ns[2] = {};
  };
  std::vector<Seen> seen(made.flows.size());
  for (const MadePacket& packet : made.packets) {
    Seen& flow = seen[packet.flow];
    const fg_packet& p = packet.fields;
    const std::int64_t last_ns = std::max(flow.last_ns[0], flow.last_ns[1]);
    const std::uint64_t packets = flow.packets[0] + flow.packets[1];
    EXPECT_EQ(p.flow_index, packets);
    EXPECT_EQ(p.direction_index, flow.packets[p.direction]);
    EXPECT_EQ(p.gap_ns, packets == 0 ? 0u : static_cast<std::uint64_t>(p.time_ns - last_ns));
    if (p.direction_index > 0) {
      EXPECT_EQ(p.direction_gap_ns, static_cast<std::uint64_t>(p.time_ns - flow.last_ns[p.direction]));
    }
    EXPECT_EQ(packet.timestamp_ns, made.flows[packet.flow].first_seen_ns + p.time_ns);
    flow.packets[p.direction] += 1;
    flow.bytes[p.direction] += p.ip_length_bytes;
    flow.last_ns[p.direction] = p.time_ns;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const fg_flow& view = made.flows[i].view;
    for (int direction : {0, 1}) {
      EXPECT_EQ(view.packets[direction], seen[i].packets[direction]);
      EXPECT_EQ(view.bytes[direction], seen[i].bytes[direction]);
      EXPECT_EQ(view.last_ns[direction], seen[i].packets[direction] > 0 ? seen[i].last_ns[direction] : FG_NEVER);
    }
  }
}

}  // namespace
}  // namespace flowgauge
