// Every operator and function on hand-computed cells; every refusal.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/expression/expression_case.h"

namespace flowgauge {
namespace {

using test::ExpressionCase;
using test::i;
using test::kLowest;
using test::kTop;
using test::u;

TEST(Expression, Values) {
  const Lab lab;
  const std::vector<ExpressionCase> cases = {
      // literals and precedence
      {"1 + 2 * 3", FG_U64, {}, "7"},
      {"(1 + 2) * 3", FG_U64, {}, "9"},
      {"10 - 4 - 3", FG_U64, {}, "3"},
      {"12 / 4 / 3", FG_F64, {}, "1"},
      {"2 * 3 / 4", FG_F64, {}, "1.5"},
      {"-2 * -3", FG_I64, {}, "6"},
      {"- misc.i - 1", FG_I64, {{"misc.i", {i(4)}}}, "-5"},
      {"1.5 + 2", FG_F64, {}, "3.5"},
      {"18446744073709551615", FG_U64, {}, "18446744073709551615"},
      {"-9223372036854775808", FG_I64, {}, "-9223372036854775808"},
      {"-0", FG_U64, {}, "0"},
      {"'it''s'", FG_STRING, {}, "it's"},
      // integers are exact, and doubles where they leave 64 bits
      {"misc.u + misc.v", FG_U64, {{"misc.u", {u(kTop - 1)}}, {"misc.v", {u(1)}}}, "18446744073709551615"},
      {"misc.u + misc.v", FG_F64, {{"misc.u", {u(kTop)}}, {"misc.v", {u(1)}}}, "18446744073709551616"},
      {"misc.u + misc.v", FG_U64, {{"misc.u", {u(kTop)}}, {"misc.v", {u(1)}}}, ""},  // does not fit: null
      {"misc.u - misc.v", FG_I64, {{"misc.u", {u(3)}}, {"misc.v", {u(5)}}}, "-2"},
      {"misc.u - misc.v", FG_U64, {{"misc.u", {u(3)}}, {"misc.v", {u(5)}}}, ""},
      {"misc.u - misc.v", FG_F64, {{"misc.u", {u(0)}}, {"misc.v", {u(kTop)}}}, "-18446744073709551616"},
      {"misc.i - misc.u", FG_I64, {{"misc.i", {i(kLowest + 1)}}, {"misc.u", {u(1)}}}, "-9223372036854775808"},
      {"misc.i - misc.j", FG_U64, {{"misc.i", {i(INT64_MAX)}}, {"misc.j", {i(kLowest)}}}, "18446744073709551615"},
      {"-misc.i", FG_U64, {{"misc.i", {i(kLowest)}}}, "9223372036854775808"},
      {"-misc.u", FG_I64, {{"misc.u", {u(std::uint64_t{1} << 63)}}}, "-9223372036854775808"},
      {"misc.u * misc.v", FG_U64, {{"misc.u", {u(4294967296)}}, {"misc.v", {u(4294967295)}}}, "18446744069414584320"},
      {"misc.u * misc.v", FG_F64, {{"misc.u", {u(4294967296)}}, {"misc.v", {u(4294967296)}}}, "18446744073709551616"},
      {"misc.u * misc.v",
       FG_F64,
       {{"misc.u", {u(kTop)}}, {"misc.v", {u(kTop)}}},
       "340282366920938463463374607431768211456"},  // 2^128 - 2^65 + 1 is nearest to 2^128
      {"misc.i * misc.j", FG_I64, {{"misc.i", {i(kLowest)}}, {"misc.j", {i(1)}}}, "-9223372036854775808"},
      {"misc.i * misc.j", FG_U64, {{"misc.i", {i(kLowest)}}, {"misc.j", {i(-1)}}}, "9223372036854775808"},
      {"misc.u + misc.v - misc.v", FG_F64, {{"misc.u", {u(kTop)}}, {"misc.v", {u(1)}}}, "18446744073709551616"},
      {"misc.u + misc.i", FG_U64, {{"misc.u", {u(kTop)}}, {"misc.i", {i(-1)}}}, "18446744073709551614"},
      // division is of doubles, the nearest one, and 0 by 0
      {"misc.u / misc.v", FG_F64, {{"misc.u", {u(1)}}, {"misc.v", {u(3)}}}, "0.3333333333333333"},
      {"misc.u / misc.v", FG_F64, {{"misc.u", {u(7)}}, {"misc.v", {u(0)}}}, "0"},
      {"misc.i / misc.v", FG_F64, {{"misc.i", {i(-7)}}, {"misc.v", {u(2)}}}, "-3.5"},
      {"misc.d / misc.e", FG_F64, {{"misc.d", {0.0}}, {"misc.e", {0.0}}}, "0"},
      {"misc.d / misc.u", FG_F64, {{"misc.d", {1.5}}, {"misc.u", {u(0)}}}, "0"},
      {"misc.u / misc.v", FG_F64, {{"misc.u", {u(kTop)}}, {"misc.v", {u(kTop)}}}, "1"},
      // 1 + 2^-52 and a bit: the quotient of the two nearest doubles would be the same only by luck
      {"misc.u / misc.v - 1",
       FG_F64,
       {{"misc.u", {u(kTop)}}, {"misc.v", {u(kTop - 4096)}}},
       "0.0000000000000002220446049250313"},
      // doubles stay finite
      {"misc.d + misc.u", FG_F64, {{"misc.d", {0.25}}, {"misc.u", {u(2)}}}, "2.25"},
      {"misc.d - misc.d", FG_F64, {{"misc.d", {-1.5}}}, "0"},
      {"0 - misc.d", FG_F64, {{"misc.d", {0.0}}}, "0"},
      {"-misc.d", FG_F64, {{"misc.d", {0.0}}}, "0"},  // not -0
      // booleans count as 0 and 1
      {"misc.b", FG_BOOL, {{"misc.b", {true, false}}}, "1|0"},
      {"misc.b + misc.b", FG_U64, {{"misc.b", {true, false}}}, "2|0"},
      {"misc.b", FG_F64, {{"misc.b", {true, false}}}, "1|0"},
      {"misc.b", FG_I64, {{"misc.b", {true, false}}}, "1|0"},
      // into the declared type
      {"misc.u", FG_F64, {{"misc.u", {u(kTop)}}}, "18446744073709551616"},
      {"misc.u", FG_I64, {{"misc.u", {u(7), u(kTop)}}}, "7|"},
      {"misc.i", FG_U64, {{"misc.i", {i(7), i(-1)}}}, "7|"},
      {"misc.i", FG_F64, {{"misc.i", {i(-7)}}}, "-7"},
      // units
      {"us(misc.u)", FG_F64, {{"misc.u", {u(1), u(1500), u(2'000'000)}}}, "0.001|1.5|2000"},
      {"ms(misc.i)", FG_F64, {{"misc.i", {i(-1'500'000)}}}, "-1.5"},
      {"s(misc.d)", FG_F64, {{"misc.d", {2.5e9}}}, "2.5"},
      {"us(misc.u)", FG_F64, {{"misc.u", {u(kTop)}}}, "18446744073709552"},
      {"floor(misc.u, us)", FG_U64, {{"misc.u", {u(999), u(1000), u(kTop)}}}, "0|1|18446744073709551"},
      {"floor(misc.i, us)",
       FG_I64,
       {{"misc.i", {i(-1), i(-1000), i(-1001), i(999), i(kLowest)}}},
       "-1|-1|-2|0|-9223372036854776"},
      {"floor(misc.i, ms)", FG_I64, {{"misc.i", {i(1'999'999)}}}, "1"},
      {"floor(misc.i, s)", FG_I64, {{"misc.i", {i(-1)}}}, "-1"},
      {"floor(misc.i - 1, us)", FG_I64, {{"misc.i", {i(0), i(1001)}}}, "-1|1"},
      {"floor(misc.i, ns)", FG_I64, {{"misc.i", {i(-5)}}}, "-5"},
      {"trunc_div(misc.i, 1000)", FG_I64, {{"misc.i", {i(-1999), i(1999), i(-999)}}}, "-1|1|0"},
      {"trunc_div(misc.i, misc.j)", FG_I64, {{"misc.i", {i(7), i(7)}}, {"misc.j", {i(-2), i(0)}}}, "-3|0"},
      {"trunc_div(misc.i, misc.j)", FG_U64, {{"misc.i", {i(kLowest)}}, {"misc.j", {i(-1)}}}, "9223372036854775808"},
      // maps
      {"map(misc.u){6: 'TCP'; 17: 'UDP'; else 'OTHER'}", FG_STRING, {{"misc.u", {u(17), u(6), u(7)}}}, "UDP|TCP|OTHER"},
      {"map(misc.t){'a': 1; 'b': -1; else 0;}", FG_I64, {{"misc.t", {"a", "b", "c"}}}, "1|-1|0"},
      {"map(misc.i){-1: 10; 1: 20; else 30}", FG_U64, {{"misc.i", {i(-1), i(1), i(0)}}}, "10|20|30"},
      {"map(misc.u){1: 0.5; else 2}", FG_F64, {{"misc.u", {u(1), u(2)}}}, "0.5|2"},
      {"map(misc.b){0: 'no'; 1: 'yes'; else '?'}", FG_STRING, {{"misc.b", {true, false}}}, "yes|no"},
      {"map(misc.u){else 'x'}", FG_STRING, {{"misc.u", {u(1)}}}, "x"},
      {"map(misc.u){18446744073709551615: 1; else 0} * 2", FG_U64, {{"misc.u", {u(kTop), u(1)}}}, "2|0"},
      // times
      // as many decimals as the unit they were cut to, whatever the value; what was not cut is in ns
      {"time_text(misc.i)",
       FG_STRING,
       {{"misc.i", {i(1'785'789'999'002'000'000), i(0)}}},
       "2026-08-03 20:46:39.002000000 UTC|1970-01-01 00:00:00.000000000 UTC"},
      {"time_text(floor(flow.first_seen, us))",
       FG_STRING,
       {{"flow.first_seen", {i(1'500), i(0)}}},
       "1970-01-01 00:00:00.000001 UTC|1970-01-01 00:00:00.000000 UTC"},
      {"time_text(floor(misc.i, ns))", FG_STRING, {{"misc.i", {i(1)}}}, "1970-01-01 00:00:00.000000001 UTC"},
      {"time_text(floor(misc.i, ms))", FG_STRING, {{"misc.i", {i(-1)}}}, "1969-12-31 23:59:59.999 UTC"},
      {"time_text((floor(misc.i, s)))", FG_STRING, {{"misc.i", {i(-1)}}}, "1969-12-31 23:59:59 UTC"},
      {"time_text(floor(misc.i, us) + 0)", FG_STRING, {{"misc.i", {i(2'000)}}}, "1970-01-01 00:00:00.000000002 UTC"},
      {"elapsed(flow.first_seen, flow.last_seen, us)",
       FG_I64,
       {{"flow.first_seen", {i(1'999)}}, {"flow.last_seen", {i(2'000)}}},
       "1"},  // a difference of cut times
      {"elapsed(flow.first_seen, flow.last_seen, ns)",
       FG_I64,
       {{"flow.first_seen", {i(-5)}}, {"flow.last_seen", {i(2'000)}}},
       "2005"},
      {"elapsed(flow.first_seen, flow.last_seen, ms)",
       FG_I64,
       {{"flow.first_seen", {i(-1)}}, {"flow.last_seen", {i(1'000'000)}}},
       "2"},
      {"elapsed(flow.first_seen, flow.last_seen, ns)",
       FG_I64,
       {{"flow.first_seen", {i(kLowest)}}, {"flow.last_seen", {i(INT64_MAX)}}},
       "9223372036854775807"},
      // the host's abstractions
      {"port_class(flow.src_port)",
       FG_STRING,
       {{"flow.src_port", {u(0), u(1023), u(1024), u(49151), u(49152), u(65535)}}},
       "well-known|well-known|registered|registered|dynamic|dynamic"},
      {"service_group(flow.dst_port, flow.protocol)",
       FG_STRING,
       {{"flow.dst_port", {u(53), u(443)}}, {"flow.protocol", {u(17), u(6)}}},
       "dns|web"},
      // characters, not bytes: a cut umlaut would be no UTF-8
      {"prefix(misc.t, 8)", FG_STRING, {{"misc.t", {"02:42:ac:11:00:02", "short", ""}}}, "02:42:ac|short|"},
      {"prefix(misc.t, 2)",
       FG_STRING,
       {{"misc.t", {"\xc3\xbc\xc3\xa4\xc3\xb6", "a\xc3\xa4"}}},
       "\xc3\xbc\xc3\xa4|a\xc3\xa4"},
      {"prefix('abc', 0)", FG_STRING, {}, ""},
      {"prefix(misc.nt, 1)", FG_STRING, {{"misc.nt", {"ab", Null{}}}}, "a|"},
      // literals alone, beside cells that change
      {"misc.u * (2 + 3) - 7 / 7", FG_F64, {{"misc.u", {u(1), u(2), u(3)}}}, "4|9|14"},
      {"map(2){2: 'two'; else 'other'}", FG_STRING, {{"misc.u", {u(0), u(0)}}}, "two|two"},
      // null comes out where null goes in
      {"misc.nu + 1", FG_U64, {{"misc.nu", {u(1), Null{}, u(3)}}}, "2||4"},
      {"misc.nu / misc.ni", FG_F64, {{"misc.nu", {u(1), Null{}, u(3)}}, {"misc.ni", {i(2), i(2), Null{}}}}, "0.5||"},
      {"map(misc.nu){1: 'one'; else 'more'}", FG_STRING, {{"misc.nu", {Null{}, u(1)}}}, "|one"},
      {"misc.nt", FG_STRING, {{"misc.nt", {"a", Null{}, "c"}}}, "a||c"},
      {"time_text(misc.nu)", FG_STRING, {{"misc.nu", {Null{}, u(0)}}}, "|1970-01-01 00:00:00.000000000 UTC"},
      {"-misc.ni", FG_I64, {{"misc.ni", {Null{}, i(2), i(-2)}}}, "|-2|2"},
      {"misc.nu - 2", FG_U64, {{"misc.nu", {Null{}, u(1), u(2)}}}, "||0"},
      // lists
      {"misc.l",
       FG_LIST_U64,
       {{"misc.l", {std::vector<std::uint64_t>{1, 2}, std::vector<std::uint64_t>{}}}},
       "\"[1,2]\"|[]"},
  };
  for (const ExpressionCase& one : cases) {
    EXPECT_EQ(lab.value(one.expression, one.type, one.cells), one.expected) << one.expression;
  }
}

TEST(Expression, DoublesStayFinite) {
  const Lab lab;
  const double greatest = std::numeric_limits<double>::max();
  const Cells huge = {{"misc.d", {greatest}}, {"misc.e", {1e300}}};
  for (const char* expression : {"misc.d * misc.e", "misc.d + misc.d", "misc.d / (1 / misc.e)"}) {
    EXPECT_EQ(std::stod(lab.value(expression, FG_F64, huge)), greatest) << expression;
  }
  EXPECT_EQ(std::stod(lab.value("-misc.d - misc.d", FG_F64, huge)), -greatest);
  // The infinity that would be subtracted from itself never comes up.
  EXPECT_EQ(lab.value("misc.d * misc.e - misc.d * misc.e", FG_F64, huge), "0");
}

TEST(Expression, MembersOfASeries) {
  const Lab lab;
  // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation 2, of a sample sqrt(32 / 7)
  const Cells cells = {{"stats.s", {fg_series{8, 40, 232, 0, 2, 9}, fg_series{}, fg_series{1, -3, 9, 0, -3, -3}}}};
  EXPECT_EQ(lab.value("stats.s.count", FG_U64, cells), "8|0|1");
  EXPECT_EQ(lab.value("stats.s.total", FG_I64, cells), "40|0|-3");
  EXPECT_EQ(lab.value("stats.s.total", FG_U64, cells), "40|0|");
  EXPECT_EQ(lab.value("stats.s.min", FG_I64, cells), "2|0|-3");
  EXPECT_EQ(lab.value("stats.s.max", FG_I64, cells), "9|0|-3");
  EXPECT_EQ(lab.value("stats.s.mean", FG_F64, cells), "5|0|-3");
  EXPECT_EQ(lab.value("stats.s.std", FG_F64, cells), "2|0|0");
  EXPECT_EQ(lab.value("stats.s.std_sample", FG_F64, cells), "2.138089935299395|0|0");
  EXPECT_EQ(lab.value("stats.s.std * stats.s.std", FG_F64, cells), "4|0|0");
}

// A direction that sent nothing has times of 0; from there to a real time would be that time itself.
TEST(Expression, ElapsedOfATimeThatNeverWasIs0) {
  const Lab lab;
  const Cells cells = {{"flow.first_seen", {i(5'000), i(5'000), i(0)}},
                       {"flow.last_seen", {i(9'000), i(9'000), i(4'000)}},
                       {"timing.fwd_first", {i(5'000), i(5'000), i(0)}},
                       {"timing.bwd_first", {i(0), i(6'000), i(4'000)}}};
  EXPECT_EQ(lab.value("elapsed(timing.bwd_first, flow.last_seen, ns)", FG_I64, cells), "0|3000|0");
  EXPECT_EQ(lab.value("elapsed(timing.fwd_first, timing.bwd_first, ns)", FG_I64, cells), "0|1000|4000");
  EXPECT_EQ(lab.value("elapsed(timing.bwd_first, timing.fwd_first, ns)", FG_I64, cells), "0|-1000|-4000");
}

// A vector is worked out on plain 64-bit integers, and exactly where one of its rows does not fit: the same for the
// others.
TEST(Expression, OneRowThatDoesNotFit) {
  const Lab lab;
  constexpr std::uint64_t kBit63 = std::uint64_t{1} << 63;
  constexpr std::int64_t kBit51 = std::int64_t{1} << 51;
  const std::vector<ExpressionCase> cases = {
      {"misc.u + misc.v", FG_F64, {{"misc.u", {u(1), u(5)}}, {"misc.v", {u(2), u(6)}}}, "3|11"},
      {"misc.u + misc.v", FG_F64, {{"misc.u", {u(1), u(kTop)}}, {"misc.v", {u(2), u(kTop)}}}, "3|36893488147419103232"},
      {"misc.i + misc.j",
       FG_U64,
       {{"misc.i", {i(1), i(INT64_MAX)}}, {"misc.j", {i(2), i(1)}}},
       "3|9223372036854775808"},
      {"misc.i + misc.j",
       FG_I64,
       {{"misc.i", {i(1), i(kLowest)}}, {"misc.j", {i(-2), i(-1)}}},
       "-1|-9223372036854775808"},
      {"misc.i - misc.j",
       FG_I64,
       {{"misc.i", {i(1), i(kLowest)}}, {"misc.j", {i(3), i(0)}}},
       "-2|-9223372036854775808"},
      {"misc.i - misc.j", FG_U64, {{"misc.i", {i(9), i(0)}}, {"misc.j", {i(3), i(kLowest)}}}, "6|9223372036854775808"},
      {"misc.i * misc.j",
       FG_U64,
       {{"misc.i", {i(-3), i(kLowest)}}, {"misc.j", {i(-4), i(-1)}}},
       "12|9223372036854775808"},
      {"-misc.i", FG_U64, {{"misc.i", {i(-1), i(kLowest)}}}, "1|9223372036854775808"},
      {"(misc.u + misc.v) * 2 - misc.v",
       FG_U64,
       {{"misc.u", {u(1), u(kBit63 - 2)}}, {"misc.v", {u(2), u(1)}}},
       "4|18446744073709551613"},
      {"trunc_div(misc.i, misc.j)", FG_I64, {{"misc.i", {i(-7), i(7)}}, {"misc.j", {i(2), i(0)}}}, "-3|0"},
      {"floor(misc.i - misc.j, us)", FG_I64, {{"misc.i", {i(1), i(2999)}}, {"misc.j", {i(2), i(0)}}}, "-1|2"},
      {"floor(misc.u + misc.v, us)",
       FG_U64,
       {{"misc.u", {u(1999), u(kTop - 1)}}, {"misc.v", {u(1), u(1)}}},
       "2|18446744073709551"},
      {"map(misc.u){1: 'one'; 18446744073709551615: 'all'; else 'other'}",
       FG_STRING,
       {{"misc.u", {u(1), u(kTop), u(2)}}},
       "one|all|other"},
      // quotients of fewer than 51 bits, and of more
      {"misc.i / misc.j", FG_F64, {{"misc.i", {i(-1), i(9), i(0)}}, {"misc.j", {i(4), i(2), i(0)}}}, "-0.25|4.5|0"},
      {"misc.i / misc.j", FG_F64, {{"misc.i", {i(-1), i(9), i(9)}}, {"misc.j", {i(4), i(-2), i(0)}}}, "-0.25|-4.5|0"},
      {"misc.u / misc.v", FG_F64, {{"misc.u", {u(1), u(kTop)}}, {"misc.v", {u(4), u(1)}}}, "0.25|18446744073709551616"},
      {"misc.u / misc.v",
       FG_F64,
       {{"misc.u", {u(1), u(1)}}, {"misc.v", {u(4), u(kBit63)}}},
       "0.25|0.00000000000000000010842021724855044"},
      {"misc.i / 1000",
       FG_F64,
       {{"misc.i", {i(kBit51 - 1), i(-kBit51), i(kBit51)}}},
       "2251799813685.247|-2251799813685.248|2251799813685.248"},
      {"misc.d / 1000", FG_F64, {{"misc.d", {1.5, -0.25}}}, "0.0015|-0.00025"},
      {"misc.d / 0.001", FG_F64, {{"misc.d", {1.5, -0.25}}}, "1500|-250"},
      {"misc.d / 0", FG_F64, {{"misc.d", {1.5, -0.25}}}, "0|0"},
      {"misc.i", FG_F64, {{"misc.i", {i(-1), i(kBit51 - 1), i(-kBit51)}}}, "-1|2251799813685247|-2251799813685248"},
      {"misc.i", FG_F64, {{"misc.i", {i(-1), i(kLowest)}}}, "-1|-9223372036854775808"},
      {"misc.u", FG_F64, {{"misc.u", {u(1), u(kTop)}}}, "1|18446744073709551616"},
      {"misc.b + 0.5", FG_F64, {{"misc.b", {true, false}}}, "1.5|0.5"},
      {"misc.b + misc.b", FG_U64, {{"misc.b", {true, false}}}, "2|0"},
      // nulls stay where they are, beside what does not fit
      {"misc.nu + misc.u", FG_U64, {{"misc.nu", {Null{}, u(1), u(2)}}, {"misc.u", {u(kTop), u(kTop), u(1)}}}, "||3"},
      {"misc.ni * 2", FG_I64, {{"misc.ni", {i(3), Null{}, i(INT64_MAX)}}}, "6||"},
  };
  for (const ExpressionCase& one : cases)
    EXPECT_EQ(lab.value(one.expression, one.type, one.cells), one.expected) << one.expression;
}

// What did not fit in one run is forgotten in the next.
TEST(Expression, OneRunAfterTheOther) {
  const Lab lab;
  const auto bound = lab.bind(Lab::schema({{"sum", "misc.u + misc.v", FG_U64}, {"i", "misc.i", FG_U64}}));
  ASSERT_TRUE(bound) << message_of(bound);
  ColumnBatch batch(bound->needed, 2);
  SchemaEvaluator evaluator(*bound, batch);
  Arena arena;
  const auto cell = [&](const char* column) {
    return static_cast<std::uint64_t*>(batch.vector(*lab.catalog().find(column)).cells);
  };
  for (const bool fits : {true, false, true}) {
    batch.begin(1);
    *cell("misc.u") = fits ? 1 : kTop;
    *cell("misc.v") = 2;
    *cell("misc.i") = fits ? 3 : kTop;  // -1
    const auto output = evaluator.evaluate(arena);
    ASSERT_TRUE(output);
    for (const OutputVector& column : output->columns) {
      EXPECT_EQ(column.is_null(0), !fits);
      if (!fits) continue;
      EXPECT_EQ(*static_cast<const std::uint64_t*>(column.cells), 3U);
    }
  }
}

// Batches of every size around the words of a null bitmap.
TEST(Expression, ManyRows) {
  const Lab lab;
  for (const std::size_t rows : {1U, 63U, 64U, 65U, 128U, 255U, 256U}) {
    Cells cells;
    std::string expected;
    for (std::size_t row = 0; row < rows; ++row) {
      const bool is_null = row % 3 == 1;
      cells["misc.nu"].push_back(is_null ? Cell(Null{}) : u(row));
      cells["misc.u"].push_back(u(row * row));
      expected += (row == 0 ? "" : "|") + (is_null ? "" : std::to_string(row * row + row));
    }
    EXPECT_EQ(lab.value("misc.u + misc.nu", FG_U64, cells), expected) << rows;
  }
}

TEST(Expression, Refusals) {
  const Lab lab;
  struct Refusal {
    const char* expression;
    const char* message;
    fg_type type = FG_F64;
  };
  const std::vector<Refusal> cases = {
      {"", "1: a value is missing at the end"},
      {"1 +", "4: a value is missing at the end"},
      {"1 + )", "5: a value is expected here, not ')'"},
      {"(1 + 2", "7: a ')' is missing here to close the '('"},
      {"1 2", "3: '2' is not expected here"},
      {"misc.u misc.v", "8: 'm' is not expected here"},
      {"1.", "3: digits are missing after the '.'"},
      {"1e5", "2: 'e' is not expected in a number"},
      {"1.2.3", "4: '.' is not expected in a number"},
      {"18446744073709551616", "1: the number does not fit: integers have 64 bits"},
      {"'abc", "1: the text has no end: a ' is missing"},
      {"floor(misc.u us)", "14: a ')' is missing here to close 'floor('"},
      {"map(misc.u){6: 'a'}", "19: the map needs an else at its end, for all other values"},
      {"map(misc.u){6 'a'; else 'b'}", "15: a ':' is missing here between a key and its result"},
      {"map(misc.u){6: 'a' 7: 'b'; else 'c'}", "20: a ';' is missing here after a key and its result"},
      {"map(misc.u){else 'c'; 6: 'a'}", "23: a '}' is missing here to close the map; else comes last"},
      {"map(misc.u){1.5: 'a'; else 'c'}", "13: a key is an integer or a 'text'"},
      {"map(misc.u){6: 'a'; 6: 'b'; else 'c'}", "1: the map has a key twice"},
      {"map(misc.u){'6': 'a'; else 'c'}", "1: the map is of an integer: its keys must be integers"},
      {"map(misc.t){6: 'a'; else 'c'}", "1: the map is of a text: its keys must be 'texts'"},
      {"map(misc.u){6: 'a'; else 1}", "1: the results of the map must be all texts or all numbers"},
      {"map(misc.u){6: -1; else 9223372036854775808}",
       "1: the map has a negative result and one beyond the signed 64 bits"},
      {"map(misc.d){6: 1; else 0}", "5: map() takes an integer or a text, and this is a double"},
      {"misc", "1: 'misc' is not a column: a column's name is FEATURE.COLUMN"},
      {"misc.mu", "1: misc.mu: feature 'misc' has no such column; did you mean 'misc.nu'?"},
      {"stats.s",
       "1: 'stats.s' is a series; take one of its numbers: stats.s.mean, or .count .total .std .std_sample "
       ".min .max"},
      {"stats.s + 1", "1: '+' takes numbers, and this is a series: take .mean, .total, ... of it"},
      {"1 + stats.s.maen", "5: the series 'stats.s' has no 'maen'; did you mean 'mean'?"},
      {"stats.s.variance",
       "1: the series 'stats.s' has no 'variance'; it has .count .total .mean .std .min .max .std_sample"},
      {"misc.u.mean", "1: 'misc.u' has no parts: it is not a series"},
      {"foo(misc.u)",
       "1: there is no function 'foo'; there are us, ms, s, floor, trunc_div, time_text, elapsed, "
       "port_class, service_group, prefix, if, coalesce, is_null, min, max, abs, round, log2, length, join, item, map"},
      {"flor(misc.u, us)", "1: there is no function 'flor'; did you mean 'floor'?"},
      {"floor(misc.u)", "1: write floor(x, us): it takes 2 arguments, not 1"},
      {"floor(misc.u, hours)", "15: floor() takes a unit here: ns, us, ms or s"},
      {"floor(misc.d, us)", "7: floor() takes an integer here, and this is a double"},
      {"prefix(misc.u, 2)", "8: prefix() takes a text, and this is an integer", FG_STRING},
      {"prefix(misc.t, misc.u)", "16: prefix() takes a number of characters here, 0 to 65536", FG_STRING},
      {"prefix(misc.t, -1)", "16: prefix() takes a number of characters here, 0 to 65536", FG_STRING},
      {"trunc_div(misc.u, 1.5)", "19: trunc_div() takes an integer here, and this is a double"},
      {"us(misc.t)", "4: us() takes a number of ns, and this is a text"},
      {"misc.t + 1", "1: '+' takes numbers, and this is a text"},
      {"-misc.l", "2: '-' takes numbers, and this is a list"},
      {"time_text(misc.d)", "11: time_text() takes an integer here, and this is a double", FG_STRING},
      // What would give away what the abstractions hide.
      {"elapsed(0, flow.last_seen, ns)", "9: elapsed() takes columns of absolute time here, such as flow.first_seen",
       FG_I64},
      {"elapsed(flow.first_seen - flow.first_seen, flow.last_seen, ns)",
       "25: elapsed() takes columns of absolute time here, such as flow.first_seen", FG_I64},
      {"elapsed(misc.clock, flow.last_seen, ns)",
       "9: elapsed() takes columns of absolute time here, such as flow.first_seen", FG_I64},
      {"port_class(flow.src_port - 1000)", "26: port_class() takes the name of an integer column and nothing else",
       FG_STRING},
      {"service_group(6, flow.src_port)", "15: service_group() takes the name of an integer column and nothing else",
       FG_STRING},
      {"elapsed(stats.s.min, flow.last_seen, ns)",
       "9: elapsed() takes columns of absolute time here, such as flow.first_seen", FG_I64},
      {"port_class(stats.s.mean)", "12: port_class() takes the name of an integer column and nothing else", FG_STRING},
      {"port_class(stats.s.maen)", "12: the series 'stats.s' has no 'maen'; did you mean 'mean'?", FG_STRING},
      // Declared types.
      {"misc.d", "1: it is declared as u64, but gives a double; declare f64, or use round(), floor() or trunc_div()",
       FG_U64},
      {"misc.u / 2",
       "1: it is declared as i64, but gives a double; declare f64, or use round(), floor() or trunc_div()", FG_I64},
      {"misc.u", "1: it is declared as bool, but gives an integer", FG_BOOL},
      {"misc.u", "1: it is declared as string, but gives an integer", FG_STRING},
      {"misc.t", "1: it is declared as f64, but gives a text", FG_F64},
      {"misc.l", "1: it is declared as u64, but gives a list", FG_U64},
      {"misc.u", "1: it is declared as series, but gives an integer", FG_SERIES},
  };
  for (const Refusal& one : cases) EXPECT_EQ(lab.error(one.expression, one.type), one.message) << one.expression;
}

TEST(Expression, AFeatureThatIsNotLoadedIsNamed) {
  const Lab lab;
  const auto refused = lab.bind(Lab::schema({{"Bulks", "bulk.fwd_bytes.mean", FG_F64}}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "tried.so: schema 'tried', column 'Bulks': \"bulk.fwd_bytes.mean\", character 1: bulk.fwd_bytes: feature "
            "'bulk' is not loaded; add it to the features of the profile");
  EXPECT_EQ(refused.error().code, ExitCode::kUsage);
  // A wrong column of a feature that is there is the schema's fault.
  EXPECT_EQ(lab.bind(Lab::schema({{"x", "misc.nothing", FG_F64}})).error().code, ExitCode::kPlugin);
}

// The parser recurses; nobody can make it run out of stack.
TEST(Expression, DepthIsLimited) {
  const Lab lab;
  const std::string deep = std::string(100'000, '(') + "1" + std::string(100'000, ')');
  EXPECT_NE(message_of(lab.bind(Lab::schema({{"x", deep, FG_F64}}))).find("nested more than 100 deep"),
            std::string::npos);
  const std::string minuses = std::string(100'000, '-') + "misc.u";
  EXPECT_NE(message_of(lab.bind(Lab::schema({{"x", minuses, FG_F64}}))).find("more than 100 operators"),
            std::string::npos);
  std::string chain = "1";
  for (int n = 0; n < 99; ++n) chain += " + 1";
  EXPECT_EQ(lab.value(chain, FG_U64), "100");
}

}  // namespace
}  // namespace flowgauge
