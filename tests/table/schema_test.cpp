// Binding: which columns there are, what they reveal, what must be emitted for them; derives; refusals.
#include "core/table/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "core/plugin/contamination.h"
#include "core/plugin/host_services.h"
#include "tests/table/lab.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

constexpr fg_contamination kRaw = FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME;

std::vector<std::string> names(const BoundSchema& schema) {
  std::vector<std::string> out;
  for (const OutputColumn& column : schema.columns) out.push_back(column.name);
  return out;
}

std::vector<std::string> needed(const BoundSchema& schema) {
  std::vector<std::string> out;
  for (const CatalogColumn* column : schema.needed) out.push_back(column->full_name);
  return out;
}

fg_contamination reveals(const Lab& lab, const std::string& expression, fg_type type) {
  const auto bound = lab.bind(Lab::schema({{"x", expression, type}}));
  EXPECT_EQ(message_of(bound), "");
  return bound ? bound->columns.at(0).reveals : ~fg_contamination{0};
}

// ---------------------------------------------------------------- classes

TEST(Schema, AResultRevealsWhatItsInputsReveal) {
  const Lab lab;
  EXPECT_EQ(reveals(lab, "misc.u + 1", FG_U64), FG_REVEALS_NOTHING);
  EXPECT_EQ(reveals(lab, "flow.src_port + misc.u", FG_U64), FG_REVEALS_PORT);
  EXPECT_EQ(reveals(lab, "flow.src_port * 0", FG_U64), FG_REVEALS_PORT);
  EXPECT_EQ(reveals(lab, "flow.src_port + flow.first_seen", FG_I64), FG_REVEALS_PORT | FG_REVEALS_TIME);
  EXPECT_EQ(reveals(lab, "map(flow.src_ip){'10.0.0.1': 1; else 0}", FG_U64), FG_REVEALS_IDENTITY);
  EXPECT_EQ(reveals(lab, "time_text(floor(flow.first_seen, us))", FG_STRING), FG_REVEALS_TIME);
  EXPECT_EQ(reveals(lab, "flow.id", FG_STRING), FG_REVEALS_IDENTITY | FG_REVEALS_PORT);
  EXPECT_EQ(reveals(lab, "trunc_div(flow.last_seen, flow.dst_port)", FG_I64), FG_REVEALS_TIME | FG_REVEALS_PORT);
  EXPECT_EQ(reveals(lab, "flow.last_seen - flow.first_seen", FG_I64), FG_REVEALS_TIME);
  EXPECT_EQ(reveals(lab, "prefix(flow.src_ip, 0)", FG_STRING), FG_REVEALS_IDENTITY);
}

TEST(Schema, ARelativeTimeIsOfClassTimeWhateverThePluginSays) {
  EXPECT_EQ(reveals(Lab(), "timing.fwd_first", FG_I64), FG_REVEALS_TIME);
}

TEST(Schema, MembersOfASeriesHaveTheirOwnClasses) {
  const Lab lab;
  for (const char* member : {"count", "total", "mean", "std", "std_sample"}) {
    EXPECT_EQ(reveals(lab, std::string("stats.h.") + member, FG_F64), FG_REVEALS_NOTHING) << member;
  }
  EXPECT_EQ(reveals(lab, "stats.h.min", FG_F64), FG_REVEALS_OS);
  EXPECT_EQ(reveals(lab, "stats.h.max - stats.h.mean", FG_F64), FG_REVEALS_OS);
  EXPECT_EQ(reveals(lab, "stats.s.max", FG_F64), FG_REVEALS_NOTHING);
}

TEST(Schema, OnlyTheHostsAbstractionsLowerClasses) {
  const Lab lab;
  EXPECT_EQ(reveals(lab, "port_class(flow.src_port)", FG_STRING), FG_REVEALS_NOTHING);
  EXPECT_EQ(reveals(lab, "service_group(flow.dst_port, flow.protocol)", FG_STRING), FG_REVEALS_NOTHING);
  EXPECT_EQ(reveals(lab, "elapsed(flow.first_seen, flow.last_seen, us)", FG_I64), FG_REVEALS_NOTHING);
  EXPECT_EQ(reveals(lab, "elapsed(timing.fwd_first, timing.fwd_last, us) / 1000", FG_F64), FG_REVEALS_NOTHING);
  // Their own class alone: a time in place of a port stays a time.
  EXPECT_EQ(reveals(lab, "port_class(flow.first_seen)", FG_STRING), FG_REVEALS_TIME);
}

// ---------------------------------------------------------------- which columns there are

SchemaDefinition two_forms() {
  return Lab::schema({
      {"id", "flow.id", FG_STRING},
      {"port", "flow.src_port", FG_U64},
      {"class", "port_class(flow.src_port)", FG_STRING, FG_UNIT_NONE, FG_WHEN_CLEAN},
      {"cause", "flow.end_reason_text", FG_STRING},
      {"only full", "misc.u", FG_U64, FG_UNIT_PACKETS, FG_WHEN_FULL},
      {"always", "misc.v", FG_U64},
      {"least", "stats.h.min", FG_I64},
  });
}

TEST(Schema, Forms) {
  const Lab lab;
  struct Case {
    fg_contamination excluded;
    std::vector<std::string> columns;
    std::vector<std::string> left_out;
  };
  for (const Case& one : {
           Case{0, {"id", "port", "cause", "only full", "always", "least"}, {}},
           Case{kRaw, {"class", "cause", "always", "least"}, {"id", "port"}},
           Case{kAllClasses, {"class", "always"}, {"id", "port", "cause", "least"}},
           Case{FG_REVEALS_OS, {"id", "port", "class", "cause", "always"}, {"least"}},
           Case{FG_REVEALS_PATH, {"id", "port", "class", "cause", "always", "least"}, {}},
       }) {
    const auto bound = lab.bind(two_forms(), one.excluded);
    ASSERT_EQ(message_of(bound), "");
    EXPECT_EQ(names(*bound), one.columns);
    EXPECT_EQ(bound->left_out, one.left_out);
  }
}

// Where no type is declared, it is the expression's.
TEST(Schema, TypesOfExpressions) {
  const Lab lab;
  const std::pair<const char*, fg_type> cases[] = {
      {"misc.u", FG_U64},           {"misc.i", FG_I64},
      {"misc.u + misc.u", FG_I64},  {"misc.u / 2", FG_F64},
      {"misc.b", FG_BOOL},          {"misc.t", FG_STRING},
      {"misc.l", FG_LIST_U64},      {"stats.s.count", FG_U64},
      {"stats.s.total", FG_I64},    {"stats.s.std_sample", FG_F64},
      {"timing.fwd_first", FG_I64}, {"map(misc.u){1: 2; else 3}", FG_U64},
  };
  for (const auto& [expression, type] : cases) {
    const auto bound = lab.bind(Lab::schema({{"x", expression, kOwnType}}));
    ASSERT_EQ(message_of(bound), "");
    EXPECT_EQ(bound->columns.at(0).type, type) << expression;
  }
  EXPECT_EQ(message_of(lab.bind(Lab::schema({{"x", "stats.s", kOwnType}}))),
            "tried.so: schema 'tried', column 'x': \"stats.s\", character 1: 'stats.s' is a series; take one of its "
            "numbers: stats.s.mean, or .count .total .std .std_sample .min .max");
}

TEST(Schema, ColumnsKeepWhatWasDeclared) {
  const Lab lab;
  auto definition = Lab::schema({{"a", "misc.u", FG_F64, FG_UNIT_BYTES}, {"b", "flow.src_port", FG_I64, FG_UNIT_NONE}});
  definition.version = "7";
  const auto bound = lab.bind(definition);
  ASSERT_TRUE(bound);
  EXPECT_EQ(bound->name, "tried");
  EXPECT_EQ(bound->version, "7");
  EXPECT_EQ(bound->columns, (std::vector<OutputColumn>{{"a", FG_F64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
                                                       {"b", FG_I64, FG_UNIT_NONE, FG_REVEALS_PORT}}));
}

// Only what is needed is emitted: not for entries that are left out, but for abstractions of excluded columns.
TEST(Schema, NeededColumns) {
  const Lab lab;
  EXPECT_THAT(needed(*lab.bind(two_forms())),
              UnorderedElementsAre("flow.id", "flow.src_port", "flow.end_reason_text", "misc.u", "misc.v", "stats.h"));
  EXPECT_THAT(needed(*lab.bind(two_forms(), kAllClasses)), UnorderedElementsAre("flow.src_port", "misc.v"));
  EXPECT_THAT(needed(*lab.bind(Lab::schema({{"a", "stats.s.mean + stats.s.std", FG_F64}}))), ElementsAre("stats.s"));
  // What elapsed() needs to know of times that never were.
  EXPECT_THAT(needed(*lab.bind(Lab::schema({{"a", "elapsed(timing.fwd_first, timing.bwd_last, us)", FG_I64}}))),
              UnorderedElementsAre("timing.fwd_first", "timing.bwd_last", "flow.first_seen"));
}

TEST(Schema, EqualPartsAreComputedOnce) {
  const Lab lab;
  const auto bound = lab.bind(Lab::schema({
      {"a", "misc.d / (elapsed(flow.first_seen, flow.last_seen, us) / 1000000)", FG_F64},
      {"b", "misc.e / (elapsed(flow.first_seen, flow.last_seen, us) / 1000000)", FG_F64},
      {"c", "elapsed(flow.first_seen, flow.last_seen, us) / 1000000", FG_F64},
  }));
  ASSERT_TRUE(bound);
  // Columns d, e, first, last; elapsed; it and 1000000 as integers, the literal; the quotient; the two results.
  EXPECT_EQ(bound->program.nodes.size(), 11U);
}

// A feature that sees what is excluded has no columns.
TEST(Schema, FeaturesWhoseNeedsAreExcludedHaveNoColumns) {
  const Lab lab;
  const auto definition = Lab::schema({{"x", "sniffer.x + misc.u", FG_U64}, {"u", "misc.u", FG_U64}});
  EXPECT_THAT(names(*lab.bind(definition)), ElementsAre("x", "u"));
  EXPECT_THAT(names(*lab.bind(definition, FG_REVEALS_PATH)), ElementsAre("x", "u"));
  EXPECT_THAT(names(*lab.bind(definition, FG_REVEALS_PORT)), ElementsAre("u"));  // it sees addresses and ports
  EXPECT_THAT(names(*lab.bind(definition, FG_REVEALS_PORT | FG_REVEALS_IDENTITY)), ElementsAre("u"));
  auto required = definition;
  required.entries[0].required = true;
  EXPECT_EQ(message_of(lab.bind(required, kRaw)),
            "tried.so: schema 'tried' needs columns that `contamination` excludes: 'x' (feature 'sniffer' sees "
            "what is excluded); exclude less, or take another schema");
}

// ---------------------------------------------------------------- refusals

TEST(Schema, RequiredColumnsThatAreExcluded) {
  const Lab lab;
  auto definition =
      Lab::schema({{"id", "flow.id", FG_STRING}, {"t", "flow.first_seen", FG_I64}, {"u", "misc.u", FG_U64}});
  for (SchemaEntry& entry : definition.entries) entry.required = true;
  EXPECT_TRUE(lab.bind(definition));
  EXPECT_TRUE(lab.bind(definition, FG_REVEALS_TOOL));
  const auto refused = lab.bind(definition, kRaw);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  EXPECT_EQ(
      refused.error().message,
      "tried.so: schema 'tried' needs columns that `contamination` excludes: 'id' (it reveals identity, port), 't' "
      "(it reveals time); exclude less, or take another schema");
}

TEST(Schema, NothingLeft) {
  const Lab lab;
  EXPECT_EQ(message_of(lab.bind(Lab::schema({{"id", "flow.id", FG_STRING}}), FG_REVEALS_PORT)),
            "tried.so: schema 'tried' has no column left: `contamination` excludes port");
}

TEST(Schema, NamesTwice) {
  const Lab lab;
  const auto definition = Lab::schema({{"a", "misc.u", FG_U64}, {"a", "misc.v", FG_U64}});
  EXPECT_EQ(message_of(lab.bind(definition)),
            "tried.so: schema 'tried': column 'a' is there twice; give each its own name");
  // In different forms they may share one.
  EXPECT_TRUE(lab.bind(Lab::schema(
      {{"a", "misc.u", FG_U64, FG_UNIT_NONE, FG_WHEN_FULL}, {"a", "misc.v", FG_U64, FG_UNIT_NONE, FG_WHEN_CLEAN}})));
}

TEST(Schema, AProfilesOwnSchemaIsTheUsersFault) {
  const Lab lab;
  auto definition = Lab::schema({{"a", "misc.", FG_U64}});
  definition.origin = "my.yaml:12";
  definition.fault = ExitCode::kUsage;
  const auto refused = lab.bind(definition);
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  EXPECT_EQ(refused.error().message,
            "my.yaml:12: schema 'tried', column 'a': \"misc.\", character 5: '.' is not expected here");
  definition.entries[0].where = "my.yaml:14";  // an entry's own place is nearer
  EXPECT_EQ(message_of(lab.bind(definition)),
            "my.yaml:14: column 'a': \"misc.\", character 5: '.' is not expected here");
}

// ---------------------------------------------------------------- derives

// Reads misc.nu, stats.h and timing.fwd_first; counts its calls.
int calls = 0;
fg_status derive_some(const fg_derive_call* call) {
  ++calls;
  const auto* numbers = static_cast<const std::uint64_t*>(call->inputs[0].cells);
  const auto* series = static_cast<const fg_series*>(call->inputs[1].cells);
  const auto* times = static_cast<const std::int64_t*>(call->inputs[2].cells);
  for (std::uint32_t row = 0; row < call->row_count; ++row) {
    const bool is_null = (call->inputs[0].validity[row / 64] >> (row % 64) & 1U) == 0;
    if (call->outputs[0].cells != nullptr && !is_null) {
      static_cast<std::uint64_t*>(call->outputs[0].cells)[row] = numbers[row] + series[row].count;
      call->outputs[0].validity[row / 64] |= std::uint64_t{1} << (row % 64);
    }
    if (call->outputs[1].cells != nullptr) {
      static_cast<double*>(call->outputs[1].cells)[row] =
          row == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(times[row]);
    }
    if (call->outputs[2].cells != nullptr) {
      auto* text = static_cast<char*>(call->host->arena_alloc(call->arena, row, 3));
      text[0] = 'r';
      text[1] = static_cast<char>('0' + row);
      static_cast<fg_string*>(call->outputs[2].cells)[row] = {text, 2};
    }
    if (call->outputs[3].cells != nullptr) static_cast<std::uint8_t*>(call->outputs[3].cells)[row] = 7;
  }
  return FG_OK;
}

fg_status derive_fails(const fg_derive_call* call) {
  call->host->log(FG_LOG_ERROR, "no luck", 7);
  return FG_ERROR;
}

Derive made_derive(fg_status (*run)(const fg_derive_call*)) {
  Derive derive;
  derive.table.derive = run;
  derive.inputs = {{"misc.nu", FG_U64, 0}, {"stats.h", FG_SERIES, 0}, {"timing.fwd_first", FG_I64, 0}};
  derive.outputs = {{"sum", "A column.", FG_U64, FG_UNIT_NONE, FG_REVEALS_PATH, 0, FG_NULLABLE, 0},
                    {"time", "A column.", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
                    {"text", "A column.", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0},
                    {"flag", "A column.", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING, 0, 0, 0}};
  return derive;
}

TEST(Schema, DerivesMakeColumnsForExpressions) {
  const Lab lab;
  const Derive derive = made_derive(derive_some);
  auto definition = Lab::schema({{"sum", "tried.sum * 2", FG_U64},
                                 {"time", "tried.time", FG_F64},
                                 {"text", "tried.text", FG_STRING},
                                 {"flag", "tried.flag", FG_BOOL}});
  definition.derives = {&derive};
  const auto bound = lab.bind(definition);
  ASSERT_EQ(message_of(bound), "");
  EXPECT_THAT(needed(*bound), ElementsAre("misc.nu", "stats.h", "timing.fwd_first"));
  // What it read, the extremes of the series and the time too; what an output declares is added.
  EXPECT_EQ(bound->columns[0].reveals, FG_REVEALS_OS | FG_REVEALS_TIME | FG_REVEALS_PATH);
  EXPECT_EQ(bound->columns[1].reveals, FG_REVEALS_OS | FG_REVEALS_TIME);
  calls = 0;
  const Cells cells = {{"misc.nu", {std::uint64_t{5}, Null{}}},
                       {"stats.h", {fg_series{2, 0, 0, 0, 0, 0}, fg_series{}}},
                       {"timing.fwd_first", {std::int64_t{1}, std::int64_t{9}}}};
  EXPECT_EQ(lab.rows(*bound, cells), "14,0,r0,1\n,9,r1,1\n");
  EXPECT_EQ(calls, 1);
  // What is left out of the rows is not derived.
  definition.entries.push_back({"u", "misc.u", FG_U64});
  const auto clean = lab.bind(definition, FG_REVEALS_OS);
  EXPECT_THAT(names(*clean), ElementsAre("u"));
  EXPECT_EQ(lab.rows(*clean, cells), "0\n0\n");
  EXPECT_EQ(calls, 1);
}

TEST(Schema, OutputsThatNobodyWantsHaveNoCells) {
  const Lab lab;
  const Derive derive = made_derive(derive_some);
  auto definition = Lab::schema({{"flag", "tried.flag", FG_BOOL}});
  definition.derives = {&derive};
  EXPECT_EQ(lab.rows(*lab.bind(definition), {}), "1\n");
}

TEST(Schema, DerivesRefused) {
  const Lab lab;
  Derive derive = made_derive(derive_some);
  auto definition = Lab::schema({{"sum", "tried.som", FG_U64}});
  definition.derives = {&derive};
  EXPECT_EQ(
      message_of(lab.bind(definition)),
      "tried.so: schema 'tried', column 'sum': \"tried.som\", character 1: no derive of schema 'tried' makes 'som'; "
      "did you mean 'sum'?");
  definition.entries[0].expression = "tried.sum";
  derive.inputs[0].type = FG_F64;
  EXPECT_EQ(message_of(lab.bind(definition)),
            "tried.so: schema 'tried', column 'sum': \"tried.sum\", character 1: its derive reads 'misc.nu' as f64, "
            "but the column is u64; declare that type");
  derive.inputs[0] = {"bulk.count", FG_U64, 0};
  const auto refused = lab.bind(definition);
  EXPECT_EQ(message_of(refused),
            "tried.so: schema 'tried', column 'sum': \"tried.sum\", character 1: bulk.count: feature 'bulk' is not "
            "loaded; add it to the features of the profile");
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
}

TEST(Schema, ADeriveThatFailsStopsTheRun) {
  const Lab lab;
  const Derive derive = made_derive(derive_fails);
  auto definition = Lab::schema({{"sum", "tried.sum", FG_U64}});
  definition.derives = {&derive};
  EXPECT_EQ(lab.rows(*lab.bind(definition), {}),
            "tried.so: derive of schema 'tried' failed: no luck; rows so far are kept");
}

fg_status derive_points_at_heap(const fg_derive_call* call) {
  static const std::string text(100, 'h');
  for (std::uint32_t row = 0; row < call->row_count; ++row)
    static_cast<fg_string*>(call->outputs[2].cells)[row] = {text.data(), text.size()};
  return FG_OK;
}

TEST(Schema, ADeriveThatPointsElsewhereStopsTheRun) {
  const Lab lab;
  const Module module;  // has no constants
  Derive derive = made_derive(derive_points_at_heap);
  derive.module = &module;
  auto definition = Lab::schema({{"text", "tried.text", FG_STRING}});
  definition.derives = {&derive};
  EXPECT_EQ(lab.rows(*lab.bind(definition), {}),
            "tried.so: derive of schema 'tried' failed: column 'text' has a text that lies neither in memory of "
            "arena_alloc nor in the plugin's constants; rows so far are kept");
}

fg_status derive_writes_on(const fg_derive_call* call) {
  for (std::uint32_t row = 0; row <= call->row_count; ++row) static_cast<double*>(call->outputs[1].cells)[row] = 1;
  return FG_OK;
}

TEST(Schema, ADeriveThatWritesBehindItsOutputsStopsTheRun) {
  const Lab lab;
  const Derive derive = made_derive(derive_writes_on);
  auto definition = Lab::schema({{"time", "tried.time", FG_F64}});
  definition.derives = {&derive};
  EXPECT_EQ(lab.rows(*lab.bind(definition), {}, TableFormat::kCsv, 1),
            "tried.so: derive of schema 'tried' failed: it writes behind its outputs; rows so far are kept");
}

// ---------------------------------------------------------------- names of classes

TEST(Contamination, Names) {
  EXPECT_EQ(contamination_text(0), "nothing");
  EXPECT_EQ(contamination_text(kAllClasses), "identity, port, time, os, path, tool");
}

TEST(Contamination, OneExcludedClassOfOneNeedIsEnough) {
  EXPECT_TRUE(sees_excluded(FG_NEEDS_KEY, kRaw));
  EXPECT_TRUE(sees_excluded(FG_NEEDS_KEY | FG_NEEDS_TAGS, kRaw));
  EXPECT_TRUE(sees_excluded(FG_NEEDS_TAGS, FG_REVEALS_PATH));
  EXPECT_TRUE(sees_excluded(FG_NEEDS_TIME, FG_REVEALS_TIME));
  EXPECT_TRUE(sees_excluded(FG_NEEDS_PAYLOAD, FG_REVEALS_IDENTITY));
  EXPECT_TRUE(sees_excluded(FG_NEEDS_KEY, FG_REVEALS_IDENTITY));
  EXPECT_TRUE(sees_excluded(FG_NEEDS_KEY, FG_REVEALS_PORT));
  EXPECT_FALSE(sees_excluded(FG_NEEDS_KEY, FG_REVEALS_TIME | FG_REVEALS_PATH));
  EXPECT_FALSE(sees_excluded(FG_NEEDS_TAGS, kRaw));
  EXPECT_FALSE(sees_excluded(FG_NEEDS_NOTHING, kAllClasses));
  EXPECT_FALSE(sees_excluded(FG_NEEDS_KEY | FG_NEEDS_TAGS, 0));
}

}  // namespace
}  // namespace flowgauge
