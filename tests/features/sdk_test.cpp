#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Text = std::string;
using Numbers = std::vector<std::uint64_t>;

const fg_module& tour() {
  static const fg_module& module = load_module(FLOWGAUGE_SDK_TOUR);
  return module;
}
const fg_feature& tour_feature(std::string_view name) { return feature_of(tour(), name); }

fg_string text(std::string_view view) { return {view.data(), view.size()}; }

std::vector<fg_value> cell_options(double divisor = 2.0, std::string_view label = "ab", bool nulls = true) {
  return {{.u64 = 2}, {.i64 = -5}, {.f64 = divisor}, {.boolean = nulls ? 1U : 0U}, {.string = text(label)}};
}

TEST(Sdk, DescribesTheModule) {
  const fg_module& module = tour();
  EXPECT_EQ(module.struct_size, sizeof(fg_module));
  EXPECT_EQ(module.min_host_minor, 0U);
  EXPECT_STREQ(module.name, "sdk_tour");
  EXPECT_STREQ(module.licence, "Apache-2.0");
  EXPECT_EQ(module.feature_count, 4U);
  EXPECT_EQ(module.schema_count, 1U);
  const fg_feature& cells = tour_feature("cells");
  EXPECT_EQ(cells.options.count, 5U);
  const auto* options = static_cast<const fg_option*>(cells.options.items);
  EXPECT_STREQ(options[0].default_value, "3");
  EXPECT_EQ(options[4].default_value, nullptr);
  EXPECT_EQ(cells.release, nullptr) << "its state owns nothing";
  EXPECT_NE(tour_feature("owner").release, nullptr);
  EXPECT_EQ(tour_feature("sighted").payload_bytes, 16U);
  const std::vector<fg_column> columns = columns_of(cells);
  EXPECT_EQ(columns[6].extremes_reveal, FG_REVEALS_OS);
  EXPECT_EQ(columns[9].flags, FG_NULLABLE);
  EXPECT_STREQ(columns[0].source, "the tour") << "the feature's, where a column has none of its own";
  EXPECT_STREQ(columns[1].source, "RFC 1");
  for (const fg_column& column : columns_of(tour_feature("owner"))) EXPECT_EQ(column.source, nullptr);
}

TEST(Sdk, CellsOfEveryType) {
  FeatureHost host(tour_feature("cells"), cell_options());
  ASSERT_EQ(host.update({forward().at(0).length(40), forward().at(9).length(50), backward().at(5).length(60)}), FG_OK);
  const TestRow expected = {
      {"packets", std::uint64_t{3}},
      {"offset", std::int64_t{-5}},
      {"ratio", 1.5},
      {"many", true},  // 3 / 2; 3 > 2
      {"label", Text("ababab")},
      {"fixed", Text("fixed")},
      {"lengths", SeriesCell{3, 150, 1600 + 2500 + 3600, 40, 60}},
      {"numbers", Numbers{0, 1, 2}},
      {"newest", std::int64_t{5}},
      {"even", Null{}},
  };
  EXPECT_EQ(host.row(), expected);
  EXPECT_TRUE(host.canaries_alive());
  EXPECT_EQ(host.log(), "worker 0\n");
}

TEST(Sdk, NullsArePerCell) {
  FeatureHost host(tour_feature("cells"), cell_options());
  std::vector<TestPacket> packets;
  for (std::size_t flow = 0; flow < 130; ++flow) {
    packets.push_back(forward().of(flow));
    if (flow % 3 == 0) packets.push_back(forward().of(flow));
  }
  ASSERT_EQ(host.update(packets), FG_OK);
  const std::vector<TestRow> rows = host.emit({"even", "newest"});
  for (std::size_t flow = 0; flow < rows.size(); ++flow) {
    const bool two = flow % 3 == 0;
    EXPECT_EQ(rows[flow].at("even"), two ? Cell(std::uint64_t{2}) : Cell(Null{})) << flow;
    EXPECT_EQ(rows[flow].at("newest"), two ? Cell(std::int64_t{0}) : Cell(Never{})) << flow;
  }
}

TEST(Sdk, NoCellIsNaNOrInfinite) {
  FeatureHost infinite(tour_feature("cells"), cell_options(0.0));
  ASSERT_EQ(infinite.update({forward()}), FG_OK);
  EXPECT_EQ(infinite.row().at("ratio"), Cell(0.0));
  FeatureHost none(tour_feature("cells"), cell_options(std::numeric_limits<double>::quiet_NaN()));
  ASSERT_EQ(none.update({forward()}), FG_OK);
  EXPECT_EQ(none.row().at("ratio"), Cell(0.0));
}

// FG_ROW_BYTES is 65,536. The label has 3 bytes, "\u00e4y", and 65,536 = 21,845 * 3 + 1: the last byte that fits is the
// first half of a character, which is left out whole. The next cell of the row gets nothing.
TEST(Sdk, TextBeyondTheRowsRoomIsCutBetweenCharacters) {
  FeatureHost host(tour_feature("cells"), cell_options(1, "\xc3\xa4y"));
  ASSERT_EQ(host.update(std::vector<TestPacket>(22'000, forward())), FG_OK);
  const TestRow row = host.emit({"label", "numbers"}).at(0);
  std::string expected;
  for (int i = 0; i < 21'845; ++i) expected += "\xc3\xa4y";
  EXPECT_EQ(row.at("label"), Cell(expected));
  EXPECT_EQ(row.at("numbers"), Cell(Numbers{}));
  EXPECT_EQ(host.cut_cells(), 2U);
}

TEST(Sdk, AListBeyondTheRowsRoomIsCut) {
  FeatureHost host(tour_feature("cells"), cell_options());
  ASSERT_EQ(host.update(std::vector<TestPacket>(8'200, forward())), FG_OK);
  const auto numbers = std::get<Numbers>(host.emit({"numbers"}).at(0).at("numbers"));
  EXPECT_EQ(numbers.size(), 8'192U);  // 65,536 / 8
  EXPECT_EQ(numbers.back(), 8'191U);
  EXPECT_EQ(host.cut_cells(), 1U);
}

TEST(Sdk, ShowsWhatWasAskedFor) {
  FeatureHost host(tour_feature("sighted"));
  TestPacket first = forward();
  first.key.destination_port = 53;
  first.timestamp_ns = 1'000;
  first.tags.outer_vlan_id = 7;
  first.payload = {0x16, 0x03};
  TestPacket second = backward();
  second.key.destination_port = 80;
  second.timestamp_ns = 2'000;
  second.tags.outer_vlan_id = 8;
  ASSERT_EQ(host.update({first, second}), FG_OK);
  host.key(0).destination_port = 443;
  const TestRow expected = {
      {"port", std::uint64_t{80}},   {"row_port", std::uint64_t{443}},       {"vlan", std::uint64_t{8}},
      {"last", std::int64_t{2'000}}, {"first", std::int64_t{1'000'000'000}}, {"first_byte", std::uint64_t{0x16}},
  };
  EXPECT_EQ(host.row(), expected);
}

TEST(Sdk, ReleaseFreesWhatStatesOwn) {
  FeatureHost host(tour_feature("owner"));
  ASSERT_EQ(host.update({forward().of(0).length(3), forward().of(1).length(4), backward().of(0).length(5)}), FG_OK);
  EXPECT_THAT(host.emit(), ElementsAre(TestRow{{"lengths", Numbers{3, 5}}, {"alive", std::uint64_t{2}}},
                                       TestRow{{"lengths", Numbers{4}}, {"alive", std::uint64_t{2}}}));
  host.release();
  ASSERT_EQ(host.update({forward().length(6)}), FG_OK);
  EXPECT_EQ(host.row(), (TestRow{{"lengths", Numbers{6}}, {"alive", std::uint64_t{1}}}));
}

TEST(Sdk, AThrowInCreateStopsTheStart) {
  FeatureHost host(tour_feature("thrower"), {{.string = text("create")}});
  EXPECT_EQ(host.created(), FG_ERROR);
  EXPECT_EQ(host.log(), "'thrower' failed in create: no such model\n");
}

TEST(Sdk, AThrowInUpdateIsLatched) {
  FeatureHost host(tour_feature("thrower"), {{.string = text("update")}});
  EXPECT_EQ(host.update({forward()}), FG_ERROR);
  EXPECT_EQ(host.log(), "'thrower' failed in update: bad packet\n");
  EXPECT_EQ(host.update({forward()}), FG_ERROR);
  host.emit();
  EXPECT_EQ(host.last_emit(), FG_ERROR);
  EXPECT_EQ(host.log(), "'thrower' failed in update: bad packet\n") << "said once";
}

TEST(Sdk, AThrowInEmitStops) {
  FeatureHost host(tour_feature("thrower"), {{.string = text("emit")}});
  ASSERT_EQ(host.update({forward()}), FG_OK);
  host.emit();
  EXPECT_EQ(host.last_emit(), FG_ERROR);
  EXPECT_EQ(host.log(), "'thrower' failed in emit: bad row\n");
}

TEST(Sdk, WhatIsThrownMayBeAnything) {
  FeatureHost host(tour_feature("thrower"), {{.string = text("other")}});
  EXPECT_EQ(host.update({forward()}), FG_ERROR);
  EXPECT_THAT(host.log(), HasSubstr("no std::exception"));
}

// ---------------------------------------------------------------- schema and derives

TEST(Sdk, DescribesTheSchema) {
  const fg_schema& schema = *tour().schemas[0];
  EXPECT_STREQ(schema.name, "tour");
  ASSERT_EQ(schema.columns.count, 2U);
  const auto* columns = static_cast<const fg_schema_column*>(schema.columns.items);
  EXPECT_STREQ(columns[0].expression, "tour.mean");
  EXPECT_EQ(columns[0].when, FG_WHEN_BOTH);
  EXPECT_EQ(columns[1].when, FG_WHEN_FULL);
  EXPECT_EQ(columns[1].flags, FG_REQUIRED);
  ASSERT_EQ(schema.derive_count, 2U);
  const fg_derive& by_row = *schema.derives[0];
  EXPECT_EQ(by_row.inputs.stride, sizeof(fg_input));
  const auto* inputs = static_cast<const fg_input*>(by_row.inputs.items);
  EXPECT_STREQ(inputs[1].name, "cells.lengths");
  EXPECT_EQ(inputs[1].type, FG_SERIES);
}

TEST(Sdk, DescribesDerivedFeatures) {
  ASSERT_EQ(tour().derived_count, 2U);
  const fg_derived& listed = *tour().derived[0];
  EXPECT_EQ(listed.struct_size, sizeof(fg_derived));
  EXPECT_STREQ(listed.name, "listed");
  EXPECT_STREQ(listed.version, "2.0");
  EXPECT_STREQ(listed.doc, "Columns of two derives.");
  ASSERT_EQ(listed.derive_count, 2U);
  EXPECT_EQ(listed.derives[0], tour().schemas[0]->derives[0]) << "the derives of schemas are the same";
  EXPECT_EQ(listed.derives[1], tour().schemas[0]->derives[1]);
  const fg_derived& own = *tour().derived[1];
  EXPECT_STREQ(own.name, "own");
  ASSERT_EQ(own.derive_count, 1U);
  ASSERT_EQ(own.derives[0]->outputs.count, 1U);
  EXPECT_STREQ(static_cast<const fg_column*>(own.derives[0]->outputs.items)->name, "more");
}

class Derive : public testing::Test {
 protected:
  static void* allocate(fg_arena* arena, std::uint32_t, std::size_t size_bytes) {
    auto& pieces = *reinterpret_cast<std::vector<std::vector<std::uint64_t>>*>(arena);
    return pieces.emplace_back((size_bytes + 7) / 8).data();
  }
  static void ignore(fg_log_level, const char*, std::size_t) {}

  fg_status run(const fg_derive& derive, const std::vector<fg_vector>& inputs, const std::vector<fg_vector>& outputs) {
    const fg_derive_call call{.struct_size = sizeof(fg_derive_call),
                              .row_count = 2,
                              .inputs = inputs.data(),
                              .outputs = outputs.data(),
                              .arena = reinterpret_cast<fg_arena*>(&pieces_),
                              .host = &host_};
    return derive.derive(&call);
  }

  fg_host host_{
      .struct_size = sizeof(fg_host), .minor = FG_ABI_MINOR, .version = "test", .log = ignore, .arena_alloc = allocate};
  std::vector<std::vector<std::uint64_t>> pieces_;
  std::array<std::uint64_t, 2> packets_{4, 0};
};

TEST_F(Derive, ByRow) {
  std::array<fg_series, 2> lengths{fg_series{.count = 4, .sum = 10}, fg_series{}};
  std::array<fg_string, 2> labels{text("ab"), text("")};
  std::array<std::uint64_t, 2> even{4, 0};
  std::uint64_t even_valid = 0b01;
  std::array<double, 2> mean{-1, -1};
  std::array<fg_string, 2> twice{};
  std::uint64_t twice_valid = 0;
  const std::vector<fg_vector> inputs{
      {packets_.data(), nullptr}, {lengths.data(), nullptr}, {labels.data(), nullptr}, {even.data(), &even_valid}};
  ASSERT_EQ(run(*tour().schemas[0]->derives[0], inputs, {{mean.data(), nullptr}, {twice.data(), &twice_valid}}), FG_OK);
  EXPECT_THAT(mean, ElementsAre(2.5, 0.0)) << "10 / 4; 0 / 0 is written as 0";
  EXPECT_EQ(std::string(twice[0].data, twice[0].size_bytes), "abab");
  EXPECT_EQ(twice_valid, 0b01U);

  // Nobody wants 'mean'.
  ASSERT_EQ(run(*tour().schemas[0]->derives[0], inputs, {{nullptr, nullptr}, {twice.data(), &twice_valid}}), FG_OK);
}

TEST_F(Derive, ByColumn) {
  std::array<std::uint64_t, 2> total{};
  packets_ = {4, 3};
  ASSERT_EQ(run(*tour().schemas[0]->derives[1], {{packets_.data(), nullptr}}, {{total.data(), nullptr}}), FG_OK);
  EXPECT_THAT(total, ElementsAre(4U, 7U));
  ASSERT_EQ(run(*tour().schemas[0]->derives[1], {{packets_.data(), nullptr}}, {{nullptr, nullptr}}), FG_OK);
}

TEST_F(Derive, OfADerivedFeatureItself) {
  std::array<std::uint64_t, 2> more{};
  packets_ = {4, 0};
  ASSERT_EQ(run(*tour().derived[1]->derives[0], {{packets_.data(), nullptr}}, {{more.data(), nullptr}}), FG_OK);
  EXPECT_THAT(more, ElementsAre(5U, 1U));
}

}  // namespace
}  // namespace flowgauge::test
