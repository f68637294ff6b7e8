// A plugin built from the frozen header of ABI 1.0 runs on today's host, and on one whose structs have grown.
#include <gtest/gtest.h>

#include "core/plugin/catalog.h"
#include "core/plugin/feature_set.h"
#include "core/plugin/module_store.h"
#include "tests/features/feature_host.h"

namespace flowgauge {
namespace {

constexpr const char* kPath = FLOWGAUGE_BINARY_DIR "/tests/abi/frozen_1_0.so";
using Text = std::string;

const Module& frozen() {
  static ModuleStore store;
  static const Result<const Module*> kModule = store.load({.path = kPath, .trust = TrustRule::kAnyFile});
  if (!kModule) throw std::runtime_error(kModule.error().message);
  return **kModule;
}

OptionValues defaults() {
  Result<OptionValues> values = parse_options(frozen().features.at(0), {}, "test");
  if (!values) throw std::runtime_error(values.error().message);
  return *values;
}

TEST(FrozenPlugin, IsWhatItsAuthorDeclared) {
  const Module& module = frozen();
  EXPECT_EQ(module.name, "frozen_1_0");
  EXPECT_EQ(module.licence, "Apache-2.0");
  EXPECT_EQ(module.min_host_minor, 0U);
  EXPECT_EQ(module.built_minor, 0U);
  ASSERT_EQ(module.features.size(), 1U);
  const Feature& feature = module.features[0];
  EXPECT_EQ(feature.columns.size(), 14U);
  EXPECT_EQ(feature.columns[2].extremes_reveal, FG_REVEALS_OS);
  EXPECT_EQ(feature.columns[8].flags, FG_NULLABLE);
  for (const fg_column& column : feature.columns) EXPECT_EQ(column.source, nullptr) << "a field of 1.1";
  EXPECT_EQ(feature.options.size(), 5U);
  EXPECT_EQ(feature.table.payload_bytes, 4U);
  ASSERT_EQ(module.schemas.size(), 1U);
  const Schema& schema = module.schemas[0];
  EXPECT_EQ(schema.columns.size(), 5U);
  ASSERT_EQ(schema.derives.size(), 1U);
  EXPECT_EQ(schema.derives[0].inputs.size(), 2U);
  EXPECT_EQ(schema.derives[0].outputs.size(), 2U);

  Catalog catalog;
  ASSERT_TRUE(catalog.add(module).has_value());
  EXPECT_NE(catalog.find("frozen_1_0.sum"), nullptr);
  EXPECT_NE(catalog.find_derived("frozen_schema_1_0.mean"), nullptr);
}

// The same three packets in both tests: two of the source's, one back.
struct Sent {
  std::int64_t time_ns;
  std::uint8_t direction;
  std::uint32_t length;
};
constexpr Sent kSent[] = {{0, FG_FORWARD, 60}, {1'000, FG_BACKWARD, 52}, {2'500, FG_FORWARD, 100}};
constexpr std::int64_t kStart = 1'700'000'000'000'000'000;
// Three payloads 1, 2: 9. 60 + 52 + 100 = 212; 3,600 + 2,704 + 10,000 = 16,304

test::TestRow expected_row(test::Cell newest) {
  return {{"label", Text("ababab")},
          {"lengths", std::vector<std::uint64_t>{60, 52, 100}},
          {"sum", test::SeriesCell{3, 212, 16'304, 52, 100}},
          {"scaled", std::uint64_t{6}},
          {"shifted", std::int64_t{2}},
          {"ratio", 1.5},
          {"shout", true},
          {"newest", newest},
          {"odd", std::uint64_t{3}},
          {"port", std::uint64_t{443}},
          {"stamp", std::int64_t{kStart + 2'500}},
          {"vlan", std::uint64_t{12}},
          {"payload", std::uint64_t{9}},
          {"scope", Text("private")}};
}

// FeatureHost steps by strides wider than any struct of 1.0, with garbage behind the fields that 1.0 has.
TEST(FrozenPlugin, RunsOnAHostWhoseStructsHaveGrown) {
  const OptionValues options = defaults();
  test::FeatureHost host(test::feature_of(test::load_module(kPath), "frozen_1_0"),
                         {options.values().begin(), options.values().end()});
  std::vector<test::TestPacket> packets;
  for (const Sent& sent : kSent) {
    test::TestPacket packet = sent.direction == FG_FORWARD ? test::forward() : test::backward();
    packet.at(sent.time_ns).length(sent.length);
    packet.key.destination_port = 443;
    packet.tags.outer_vlan_id = 12;
    packet.timestamp_ns = kStart + sent.time_ns;
    packet.payload = {1, 2};
    packets.push_back(packet);
  }
  ASSERT_EQ(host.update(packets), FG_OK);
  host.flow(0).source_scope = {"private", 7};
  EXPECT_EQ(host.row(), expected_row(std::int64_t{2'500}));
  EXPECT_TRUE(host.canaries_alive());
}

TEST(FrozenPlugin, RunsOnTodaysHost) {
  const Feature& feature = frozen().features.at(0);
  const std::vector<ActiveFeature> active{{&feature, defaults()}};
  constexpr std::uint32_t base_bytes = 64;
  const RecordLayout layout = lay_out_record(active, base_bytes);
  auto set = FeatureSet::create(active, layout, 0);
  ASSERT_TRUE(set.has_value()) << set.error().message;

  struct alignas(kRecordAlign) Line {
    unsigned char bytes[kRecordAlign];
  };
  std::vector<Line> memory(layout.size_bytes / kRecordAlign, Line{});
  auto* record = reinterpret_cast<unsigned char*>(memory.data());

  static constexpr std::uint8_t kPayload[] = {1, 2, 3, 4};
  auto batch = std::make_unique<PacketBatch>();
  for (const Sent& sent : kSent) {
    const std::uint32_t i = batch->count++;
    batch->packets[i] = {.time_ns = sent.time_ns, .ip_length_bytes = sent.length, .direction = sent.direction};
    batch->keys[i] = {.destination_port = 443};
    batch->tags[i] = {.outer_vlan_id = 12};
    batch->timestamps_ns[i] = kStart + sent.time_ns;
    batch->payloads[i] = {.data = kPayload, .size_bytes = 2, .reserved = 0};
    batch->records[i] = record;
  }
  ASSERT_TRUE((*set)->update(*batch));

  FlowViews flows;
  flows.records = {record};
  flows.flows = {fg_flow{.packets = {2, 1}, .source_scope = {"private", 7}}};
  flows.keys.resize(1);
  flows.first_seen_ns = {kStart};
  flows.tags.resize(1);
  flows.start_ns = {kStart};
  std::vector<std::vector<std::uint64_t>> cells;
  std::vector<std::uint64_t> validity(feature.columns.size(), 0);
  std::vector<fg_vector> vectors;
  for (const fg_column& column : feature.columns) {
    cells.emplace_back((cell_bytes(column.type) + 7) / 8, 0);
    const bool nullable = (column.flags & FG_NULLABLE) != 0;
    vectors.push_back({cells.back().data(), nullable ? &validity[vectors.size()] : nullptr});
  }
  Arena arena;
  const std::span<const fg_vector> columns(vectors);
  ASSERT_TRUE((*set)->emit(flows, {&columns, 1}, arena));

  test::TestRow row;
  for (std::size_t c = 0; c < vectors.size(); ++c) {
    const bool null = vectors[c].validity != nullptr && (*vectors[c].validity & 1U) == 0;
    row[feature.columns[c].name] =
        null ? test::Cell(test::Null{}) : test::read_cell(feature.columns[c].type, vectors[c].cells, 0);
  }
  EXPECT_EQ(row, expected_row(std::int64_t{kStart + 2'500})) << "the host makes times absolute";
  EXPECT_TRUE((*set)->owns_memory());
  (*set)->release({&record, 1});
}

}  // namespace
}  // namespace flowgauge
