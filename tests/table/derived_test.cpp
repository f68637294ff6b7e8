// Derived features: their columns in tables, what they read and reveal, refusals.
#include "core/table/derived_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "core/plugin/derived_feature.h"
#include "tests/table/lab.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;

std::vector<std::string> columns_of(const BoundSchema& schema) {
  std::vector<std::string> names;
  for (const OutputColumn& column : schema.columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> names_in(const std::vector<const CatalogColumn*>& columns) {
  std::vector<std::string> names;
  for (const CatalogColumn* column : columns) names.push_back(column->full_name);
  return names;
}

fg_contamination revealed_by_one(const Lab& lab, const std::string& expression, fg_type type) {
  const auto bound = lab.bind(Lab::schema({{"x", expression, type}}));
  EXPECT_EQ(message_of(bound), "");
  return bound ? bound->columns.at(0).reveals : ~fg_contamination{0};
}

fg_status fails_to_derive(const fg_derive_call* call) {
  call->host->log(FG_LOG_ERROR, "no luck", 7);
  return FG_ERROR;
}

fg_status halve(const fg_derive_call* call) {
  for (std::uint32_t row = 0; row < call->row_count; ++row) {
    const auto* const number = static_cast<const std::uint64_t*>(call->inputs[0].cells);
    auto* const half = static_cast<double*>(call->outputs[0].cells);
    auto* const text = static_cast<fg_string*>(call->outputs[1].cells);
    if (half != nullptr) half[row] = static_cast<double>(number[row]) / 2;
    if (text != nullptr) text[row] = {number[row] == 0 ? "none" : "some", 4};
  }
  return FG_OK;
}

Feature halves_of(const Module& module, std::vector<fg_input> inputs) {
  Feature feature;
  feature.name = "halves";
  feature.module = &module;
  Derive derive;
  derive.table.derive = halve;
  derive.inputs = std::move(inputs);
  derive.outputs = {{"half", "Half.", FG_F64, FG_UNIT_NONE, FG_REVEALS_PATH, 0, 0, 0},
                    {"text", "In words.", FG_STRING, FG_UNIT_NONE, 0, 0, 0, 0}};
  derive.module = &module;
  feature.derives = {derive};
  feature.columns = derive.outputs;
  return feature;
}

struct Halved {
  explicit Halved(std::vector<fg_input> inputs) {
    module.path = "halves.so";
    // Where texts of its cells lie: as of what is built in, nobody asks.
    feature = halves_of(module, std::move(inputs));
    feature.derives[0].module = nullptr;
    EXPECT_EQ(message_of(lab.add(feature)), "");
  }
  Module module;
  Feature feature;
  Lab lab;
};

TEST(DerivedFeature, ColumnsStandInEveryTable) {
  const Halved halved({{"misc.u", FG_U64, 0}});
  const auto bound = halved.lab.bind(Lab::schema(
      {{"half", "halves.half", FG_F64}, {"more", "halves.half + misc.u", FG_F64}, {"u", "misc.u", FG_U64}}));
  ASSERT_EQ(message_of(bound), "");
  EXPECT_EQ(bound->columns[0].reveals, FG_REVEALS_PATH);
  EXPECT_EQ(halved.lab.rows(*bound, {{"misc.u", {Cell(std::uint64_t{5}), Cell(std::uint64_t{0})}}}),
            "2.5,7.5,5\n0,0,0\n");
  const auto text = halved.lab.bind(Lab::schema({{"text", "join(halves.text, '!')", FG_STRING}}));
  EXPECT_EQ(halved.lab.rows(*text, {{"misc.u", {Cell(std::uint64_t{5}), Cell(std::uint64_t{0})}}}), "some!\nnone!\n");
}

TEST(DerivedFeature, WhatADerivedFeatureReadsIsEmittedAndNoMore) {
  const Halved halved({{"misc.u", FG_U64, 0}, {"stats.s", FG_SERIES, 0}});
  const auto bound = halved.lab.bind(Lab::schema({{"half", "halves.half", FG_F64}, {"v", "misc.v", FG_U64}}));
  ASSERT_EQ(message_of(bound), "");
  std::vector<const CatalogColumn*> columns = bound->needed;
  const auto derived = bind_derived(columns, halved.lab.catalog());
  ASSERT_EQ(message_of(derived), "");
  ASSERT_EQ(derived->size(), 1U);
  EXPECT_EQ(derived->front().derive.wanted, (std::vector<bool>{true, false}));
  EXPECT_THAT(names_in(columns), ElementsAre("halves.half", "misc.v", "misc.u", "stats.s"));
}

TEST(DerivedFeature, ADerivedColumnRevealsWhatItIsMadeOf) {
  const Halved halved({{"misc.u", FG_U64, 0}, {"stats.h", FG_SERIES, 0}, {"timing.fwd_first", FG_I64, 0}});
  constexpr fg_contamination kAll = FG_REVEALS_OS | FG_REVEALS_TIME;
  EXPECT_EQ(revealed_by_one(halved.lab, "length(halves.text)", FG_U64), kAll);
  EXPECT_EQ(revealed_by_one(halved.lab, "halves.half", FG_F64), kAll | FG_REVEALS_PATH);
  EXPECT_EQ(revealed_by(*halved.lab.catalog().find("halves.half"), halved.lab.catalog()), kAll | FG_REVEALS_PATH);
  const auto bound = halved.lab.bind(
      Lab::schema({{"half", "halves.half", FG_F64}, {"text", "halves.text", FG_STRING}, {"u", "misc.u", FG_U64}}),
      FG_REVEALS_OS);
  ASSERT_EQ(message_of(bound), "");
  EXPECT_THAT(columns_of(*bound), ElementsAre("u"));
  EXPECT_THAT(names_in(bound->needed), ElementsAre("misc.u"));
}

TEST(DerivedFeature, ADerivedColumnOfAFeatureThatSeesTooMuchIsLeftOut) {
  const Halved halved({{"sniffer.x", FG_U64, 0}});
  EXPECT_EQ(revealed_by_one(halved.lab, "halves.text", FG_STRING), FG_REVEALS_NOTHING);
  auto definition = Lab::schema({{"text", "halves.text", FG_STRING}, {"u", "misc.u", FG_U64}});
  const auto bound = halved.lab.bind(definition, FG_REVEALS_IDENTITY);
  ASSERT_EQ(message_of(bound), "");
  EXPECT_THAT(columns_of(*bound), ElementsAre("u"));
  definition.entries[0].required = true;
  EXPECT_EQ(
      message_of(halved.lab.bind(definition, FG_REVEALS_IDENTITY)),
      "tried.so: schema 'tried' needs columns that `contamination` excludes: 'text' (feature 'sniffer' sees what is "
      "excluded); exclude less, or take another schema");
}

TEST(DerivedFeature, ADeriveOfASchemaReadsDerivedColumns) {
  const Halved halved({{"flow.src_port", FG_U64, 0}});
  Derive derive;
  derive.table.derive = [](const fg_derive_call* call) -> fg_status {
    for (std::uint32_t row = 0; row < call->row_count; ++row)
      static_cast<double*>(call->outputs[0].cells)[row] = 4 * static_cast<const double*>(call->inputs[0].cells)[row];
    return FG_OK;
  };
  derive.inputs = {{"halves.half", FG_F64, 0}};
  derive.outputs = {{"twice", "A column.", FG_F64, FG_UNIT_NONE, 0, 0, 0, 0}};
  auto definition = Lab::schema({{"twice", "tried.twice", FG_F64}});
  definition.derives = {&derive};
  const auto bound = halved.lab.bind(definition);
  ASSERT_EQ(message_of(bound), "");
  EXPECT_EQ(bound->columns[0].reveals, FG_REVEALS_PORT | FG_REVEALS_PATH) << "through both of them";
  EXPECT_EQ(halved.lab.rows(*bound, {{"flow.src_port", {Cell(std::uint64_t{21})}}}), "42\n");
}

TEST(DerivedFeature, Refused) {
  const auto refusal = [](std::vector<fg_input> inputs, const std::string& expression = "halves.half") {
    const Halved halved(std::move(inputs));
    const auto bound = halved.lab.bind(Lab::schema({{"x", expression, FG_F64}}));
    EXPECT_FALSE(bound);
    return message_of(bound);
  };
  const std::string before = "tried.so: schema 'tried', column 'x': \"halves.half\", character 1: ";
  const std::string who = "halves.so: derived feature 'halves': ";
  EXPECT_EQ(refusal({{"misc.w", FG_U64, 0}}),
            before + who + "misc.w: feature 'misc' has no such column; did you mean 'misc.b'?");
  EXPECT_EQ(refusal({{"misc.d", FG_U64, 0}}),
            before + who + "its derive reads 'misc.d' as u64, but the column is f64; declare that type");
  EXPECT_EQ(refusal({{"timing.fwd_first", FG_U64, 0}}),
            before + who + "its derive reads 'timing.fwd_first' as u64, but the column is i64; declare that type");
  EXPECT_EQ(refusal({{"bulk.count", FG_U64, 0}}),
            before + who + "bulk.count: feature 'bulk' is not loaded; add it to the features of the profile");
  EXPECT_EQ(refusal({{"halves.half", FG_F64, 0}}),
            before + who +
                "its derive reads 'halves.half', which is derived itself; read columns of features that see packets "
                "alone");
  // What lowers classes takes no column that code could have made of them.
  EXPECT_EQ(
      refusal({{"flow.src_port", FG_U64, 0}}, "length(port_class(halves.half))"),
      "tried.so: schema 'tried', column 'x': \"length(port_class(halves.half))\", character 19: port_class() takes "
      "columns of features that see packets, and 'halves.half' is derived");
}

TEST(DerivedFeature, AFailureStopsTheRun) {
  Halved halved({{"misc.u", FG_U64, 0}});
  halved.feature.derives[0].table.derive = fails_to_derive;
  const auto bound = halved.lab.bind(Lab::schema({{"half", "halves.half", FG_F64}}));
  ASSERT_EQ(message_of(bound), "");
  EXPECT_EQ(halved.lab.rows(*bound, {}), "halves.so: derived feature 'halves' failed: no luck; rows so far are kept");
}

}  // namespace
}  // namespace flowgauge
