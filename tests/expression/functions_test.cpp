// Comparisons, choices and functions on hand-computed cells: what docs/writing-a-schema.md says of each.
#include <gtest/gtest.h>

#include "tests/expression/expression_case.h"

namespace flowgauge {
namespace {

using test::ExpressionCase;
using test::i;
using test::kLowest;
using test::kTop;
using test::u;

constexpr std::uint64_t kBit63 = std::uint64_t{1} << 63;

Cell list(std::vector<std::uint64_t> items) { return items; }

void expect(const std::vector<ExpressionCase>& cases) {
  const Lab lab;
  for (const ExpressionCase& one : cases)
    EXPECT_EQ(lab.value(one.expression, one.type, one.cells), one.expected) << one.expression;
}

TEST(ExpressionFunctions, Comparisons) {
  expect({
      {"1 < 2", FG_BOOL, {}, "1"},
      {"2 < 2", FG_BOOL, {}, "0"},
      {"2 <= 2", FG_BOOL, {}, "1"},
      {"2 > 2", FG_BOOL, {}, "0"},
      {"2 >= 2", FG_BOOL, {}, "1"},
      {"2 == 2", FG_BOOL, {}, "1"},
      {"2 != 2", FG_BOOL, {}, "0"},
      // the loosest of all operators
      {"1 + 1 == 4 - 2", FG_BOOL, {}, "1"},
      {"(1 < 2) == (3 < 4)", FG_BOOL, {}, "1"},
      {"(misc.u > 1) + (misc.u > 2)", FG_U64, {{"misc.u", {u(1), u(2), u(3)}}}, "0|1|2"},
      {"misc.i < misc.j",
       FG_BOOL,
       {{"misc.i", {i(-1), i(kLowest), i(0)}}, {"misc.j", {i(0), i(INT64_MAX), i(-1)}}},
       "1|1|0"},
      // integers are exact whatever their types
      {"misc.u > misc.i",
       FG_BOOL,
       {{"misc.u", {u(kTop), u(0), u(kBit63)}}, {"misc.i", {i(-1), i(-1), i(INT64_MAX)}}},
       "1|1|1"},
      {"misc.u == misc.v", FG_BOOL, {{"misc.u", {u(kTop), u(kTop)}}, {"misc.v", {u(kTop - 1), u(kTop)}}}, "0|1"},
      {"misc.i < misc.u", FG_BOOL, {{"misc.i", {i(kLowest), i(-1)}}, {"misc.u", {u(kTop), u(0)}}}, "1|1"},
      {"misc.i > misc.j - misc.u",
       FG_BOOL,
       {{"misc.i", {i(kLowest)}}, {"misc.j", {i(kLowest)}}, {"misc.u", {u(kTop)}}},
       "1"},
      {"misc.b == 1", FG_BOOL, {{"misc.b", {true, false}}}, "1|0"},
      // with a double both are doubles: 2^53 + 1 is no double
      {"misc.u == 9007199254740992.0", FG_BOOL, {{"misc.u", {u(9007199254740993)}}}, "1"},
      {"misc.d < 0.5", FG_BOOL, {{"misc.d", {0.25, 0.5, -1.0}}}, "1|0|1"},
      {"misc.d == 0", FG_BOOL, {{"misc.d", {-0.0, 0.0}}}, "1|1"},
      // texts byte by byte
      {"misc.t == 'TCP'", FG_BOOL, {{"misc.t", {"TCP", "tcp", "TCP ", ""}}}, "1|0|0|0"},
      {"misc.t != ''", FG_BOOL, {{"misc.t", {"x", ""}}}, "1|0"},
      {"misc.t < 'b'", FG_BOOL, {{"misc.t", {"a", "b", "abc", "B", "\xc3\xa4"}}}, "1|0|1|1|0"},
      // null with null too
      {"misc.nu == 1", FG_BOOL, {{"misc.nu", {u(1), Null{}, u(2)}}}, "1||0"},
      {"misc.nt == misc.nt", FG_BOOL, {{"misc.nt", {"a", Null{}}}}, "1|"},
  });
}

TEST(ExpressionFunctions, Choices) {
  expect({
      {"if(misc.u > 1, 'more', 'one')", FG_STRING, {{"misc.u", {u(1), u(2)}}}, "one|more"},
      {"if(misc.b, misc.u, misc.v)",
       FG_U64,
       {{"misc.b", {true, false}}, {"misc.u", {u(1), u(kTop)}}, {"misc.v", {u(3), u(kTop)}}},
       "1|18446744073709551615"},
      // what is not 0 is true; integers of any sign and size become one type
      {"if(misc.i, 1, -1)", FG_I64, {{"misc.i", {i(0), i(-5), i(7)}}}, "-1|1|1"},
      {"if(misc.u - misc.v, misc.u, misc.i)",
       FG_F64,
       {{"misc.u", {u(kTop), u(2)}}, {"misc.v", {u(0), u(2)}}, {"misc.i", {i(0), i(-3)}}},
       "18446744073709551616|-3"},
      {"if(misc.u > 1, misc.u, 0.5)", FG_F64, {{"misc.u", {u(1), u(2)}}}, "0.5|2"},
      {"if(misc.b, misc.b, 1 == 2)", FG_BOOL, {{"misc.b", {true, false}}}, "1|0"},
      {"if(misc.b, misc.l, misc.l)", FG_LIST_U64, {{"misc.b", {true}}, {"misc.l", {list({1, 2})}}}, "\"[1,2]\""},
      // Null where the condition is, or the one that is taken; not where the other is.
      {"if(misc.nu == 1, misc.ni, 7)",
       FG_I64,
       {{"misc.nu", {u(1), u(1), u(0), Null{}}}, {"misc.ni", {i(5), Null{}, Null{}, i(5)}}},
       "5||7|"},
      {"coalesce(misc.nu, misc.u)", FG_U64, {{"misc.nu", {u(1), Null{}}}, {"misc.u", {u(8), u(9)}}}, "1|9"},
      {"coalesce(misc.nu, misc.ni)",
       FG_I64,
       {{"misc.nu", {u(1), Null{}, Null{}}}, {"misc.ni", {i(8), i(-9), Null{}}}},
       "1|-9|"},
      {"coalesce(misc.nt, 'none')", FG_STRING, {{"misc.nt", {"a", Null{}, ""}}}, "a|none|"},
      {"coalesce(misc.u, 5)", FG_U64, {{"misc.u", {u(0), u(1)}}}, "0|1"},
      {"is_null(misc.nu)", FG_BOOL, {{"misc.nu", {u(0), Null{}}}}, "0|1"},
      {"is_null(misc.nt)", FG_BOOL, {{"misc.nt", {"", Null{}}}}, "0|1"},
      {"is_null(misc.u)", FG_BOOL, {{"misc.u", {u(0)}}}, "0"},
      {"is_null(misc.nu + 1) + is_null(misc.l)", FG_U64, {{"misc.nu", {u(0), Null{}}}}, "0|1"},
      {"if(is_null(misc.nu), 0 - 1, misc.nu)", FG_I64, {{"misc.nu", {u(4), Null{}}}}, "4|-1"},
      // what does not fit is null from there on
      {"coalesce(item(misc.l, misc.u), 0)",
       FG_U64,
       {{"misc.l", {list({7}), list({7})}}, {"misc.u", {u(0), u(kTop)}}},
       "7|0"},
  });
}

TEST(ExpressionFunctions, MapsOfExpressions) {
  expect({
      {"map(misc.u){1: misc.v; 2: misc.v * 2; else 0 - misc.v}",
       FG_I64,
       {{"misc.u", {u(1), u(2), u(3)}}, {"misc.v", {u(5), u(5), u(5)}}},
       "5|10|-5"},
      {"map(misc.t){'a': misc.t; else prefix(misc.t, 1)}", FG_STRING, {{"misc.t", {"a", "xyz", ""}}}, "a|x|"},
      {"map(misc.u){1: misc.d; else 2}", FG_F64, {{"misc.u", {u(1), u(0)}}, {"misc.d", {0.5, 0.5}}}, "0.5|2"},
      {"map(misc.u){else misc.t}", FG_STRING, {{"misc.u", {u(1)}}, {"misc.t", {"x"}}}, "x"},
      // Null where x is; else the result that was taken decides.
      {"map(misc.nu){1: misc.ni; else 7}",
       FG_I64,
       {{"misc.nu", {u(1), u(1), u(2), Null{}}}, {"misc.ni", {i(5), Null{}, Null{}, i(5)}}},
       "5||7|"},
      {"map(misc.nu){else misc.u}", FG_U64, {{"misc.nu", {u(1), Null{}}}, {"misc.u", {u(6), u(6)}}}, "6|"},
      {"map(misc.i){-1: misc.u; 18446744073709551615: 2; else 0}",
       FG_U64,
       {{"misc.i", {i(-1), i(1)}}, {"misc.u", {u(9), u(9)}}},
       "9|0"},
      {"map(misc.u % 3){0: map(misc.v){1: 'a'; else 'b'}; else 'c'}",
       FG_STRING,
       {{"misc.u", {u(3), u(6), u(7)}}, {"misc.v", {u(1), u(2), u(1)}}},
       "a|b|c"},
  });
}

TEST(ExpressionFunctions, Numbers) {
  expect({
      {"min(misc.i, misc.j)",
       FG_I64,
       {{"misc.i", {i(-1), i(kLowest)}}, {"misc.j", {i(1), i(INT64_MAX)}}},
       "-1|-9223372036854775808"},
      {"max(misc.i, misc.j)",
       FG_I64,
       {{"misc.i", {i(-1), i(kLowest)}}, {"misc.j", {i(1), i(INT64_MAX)}}},
       "1|9223372036854775807"},
      {"max(misc.u, misc.i)",
       FG_U64,
       {{"misc.u", {u(kTop), u(0)}}, {"misc.i", {i(-1), i(7)}}},
       "18446744073709551615|7"},
      {"min(misc.u, misc.i)", FG_I64, {{"misc.u", {u(kTop), u(0)}}, {"misc.i", {i(-1), i(7)}}}, "-1|0"},
      {"min(misc.u, 2.5)", FG_F64, {{"misc.u", {u(2), u(3)}}}, "2|2.5"},
      {"max(misc.d, misc.e)", FG_F64, {{"misc.d", {-0.5}}, {"misc.e", {-1.0}}}, "-0.5"},
      {"max(misc.b, misc.b)", FG_U64, {{"misc.b", {true, false}}}, "1|0"},
      {"min(misc.nu, 1)", FG_U64, {{"misc.nu", {Null{}, u(3)}}}, "|1"},
      {"abs(misc.i)", FG_U64, {{"misc.i", {i(-7), i(7), i(0)}}}, "7|7|0"},
      {"abs(misc.i)", FG_U64, {{"misc.i", {i(kLowest), i(-1)}}}, "9223372036854775808|1"},
      {"abs(misc.u)", FG_U64, {{"misc.u", {u(kTop)}}}, "18446744073709551615"},
      {"abs(misc.d)", FG_F64, {{"misc.d", {-1.5, 1.5, -0.0}}}, "1.5|1.5|0"},
      // halves away from zero
      {"round(misc.d)",
       FG_I64,
       {{"misc.d", {0.5, 1.5, 2.5, -0.5, -2.5, 0.49999999999999994, 1e15}}},
       "1|2|3|-1|-3|0|1000000000000000"},
      {"round(misc.d)",
       FG_U64,
       {{"misc.d", {1.8446744073709550e19, 1.8446744073709552e19, -1.0}}},
       "18446744073709549568||"},
      {"round(misc.d)", FG_I64, {{"misc.d", {-0x1p63, -0x1.0000000000001p63}}}, "-9223372036854775808|"},
      {"round(misc.d)", FG_F64, {{"misc.d", {0x1p70}}}, "1180591620717411303424"},
      {"round(misc.u)", FG_U64, {{"misc.u", {u(kTop)}}}, "18446744073709551615"},
      {"round(7 / 2) + 1", FG_U64, {}, "5"},
      {"log2(misc.u)", FG_F64, {{"misc.u", {u(1), u(2), u(1024), u(kTop)}}}, "0|1|10|64"},
      {"log2(misc.d)", FG_F64, {{"misc.d", {0.25, 0x1p-1074}}}, "-2|-1074"},
      {"log2(misc.i)", FG_F64, {{"misc.i", {i(0), i(-4), i(8)}}}, "||3"},
      {"coalesce(log2(misc.u), 0)", FG_F64, {{"misc.u", {u(0), u(4)}}}, "0|2"},
      // what trunc_div() leaves, with the sign of the first
      {"misc.i % 3", FG_I64, {{"misc.i", {i(7), i(-7), i(6), i(-6)}}}, "1|-1|0|0"},
      {"7 % -3", FG_I64, {}, "1"},
      {"misc.i % misc.j",
       FG_I64,
       {{"misc.i", {i(5), i(kLowest), i(kLowest)}}, {"misc.j", {i(0), i(-1), i(10)}}},
       "0|0|-8"},
      {"misc.u % misc.v",
       FG_U64,
       {{"misc.u", {u(kTop), u(kTop), u(5)}}, {"misc.v", {u(10), u(kTop), u(kTop)}}},
       "5|0|5"},
      {"misc.i % misc.u", FG_I64, {{"misc.i", {i(kLowest)}}, {"misc.u", {u(kTop)}}}, "-9223372036854775808"},
      {"misc.d % 2", FG_F64, {{"misc.d", {5.5, -5.5, 4.0}}}, "1.5|-1.5|0"},
      {"misc.d % 0", FG_F64, {{"misc.d", {5.5}}}, "0"},
      {"2 * 7 % 4", FG_U64, {}, "2"},
  });
}

TEST(ExpressionFunctions, TextsAndLists) {
  expect({
      // characters, as prefix() counts them
      {"length(misc.t)", FG_U64, {{"misc.t", {"", "abc", "\xc3\xbc\xc3\xa4", "\xe2\x82\xac"}}}, "0|3|2|1"},
      {"length(misc.nt)", FG_U64, {{"misc.nt", {"a", Null{}}}}, "1|"},
      {"length('it''s')", FG_U64, {}, "4"},
      {"join(misc.t, 'x')", FG_STRING, {{"misc.t", {"a", "", "bc"}}}, "ax|x|bcx"},
      {"join(join(misc.t, ':'), misc.t)", FG_STRING, {{"misc.t", {"a", ""}}}, "a:a|:"},
      {"join('a', 'b')", FG_STRING, {}, "ab"},
      {"join(misc.nt, 'x')", FG_STRING, {{"misc.nt", {"a", Null{}}}}, "ax|"},
      {"length(join(misc.t, misc.t))", FG_U64, {{"misc.t", {"abc", "d"}}}, "6|2"},
      {"length(misc.l)", FG_U64, {{"misc.l", {list({}), list({5, 6, 7})}}}, "0|3"},
      // from 0; null where there is none
      {"item(misc.l, 0)", FG_U64, {{"misc.l", {list({}), list({5, 6}), list({kTop})}}}, "|5|18446744073709551615"},
      {"item(misc.l, misc.i)",
       FG_U64,
       {{"misc.l", {list({5, 6}), list({5, 6}), list({5, 6})}}, {"misc.i", {i(1), i(2), i(-1)}}},
       "6||"},
      {"item(misc.l, length(misc.l) - 1)", FG_U64, {{"misc.l", {list({}), list({5, 6})}}}, "|6"},
  });
}

// A row of texts has 64 KiB: what is joined beyond is null, and nothing else.
TEST(ExpressionFunctions, ATextThatIsTooLongIsNull) {
  const Lab lab;
  const std::string half(40'000, 'x');
  const std::string small(30'000, 'y');
  EXPECT_EQ(lab.value("length(join(misc.t, misc.t))", FG_U64, {{"misc.t", {half, small}}}), "|60000");
}

// Every batch writes into the arena anew.
TEST(ExpressionFunctions, JoinedTextsOfManyRows) {
  const Lab lab;
  Cells cells;
  std::string expected;
  for (std::size_t row = 0; row < 200; ++row) {
    cells["misc.t"].push_back(std::to_string(row));
    expected += (row == 0 ? "" : "|") + std::to_string(row) + "-" + std::to_string(row);
  }
  EXPECT_EQ(lab.value("join(join(misc.t, '-'), misc.t)", FG_STRING, cells), expected);
}

TEST(ExpressionFunctions, EveryInputIsRevealed) {
  const Lab lab;
  const auto reveals = [&](const char* expression) {
    const auto bound = lab.bind(Lab::schema({{"x", expression, kOwnType}}));
    return bound ? bound->columns[0].reveals : ~fg_contamination{0};
  };
  EXPECT_EQ(reveals("flow.src_port > 1024"), FG_REVEALS_PORT);
  EXPECT_EQ(reveals("if(flow.src_port > 1024, 1, 2)"), FG_REVEALS_PORT);
  EXPECT_EQ(reveals("if(misc.b, flow.src_ip, flow.end_reason_text)"), FG_REVEALS_IDENTITY | FG_REVEALS_TOOL);
  EXPECT_EQ(reveals("coalesce(misc.nt, flow.src_ip)"), FG_REVEALS_IDENTITY);
  EXPECT_EQ(reveals("is_null(flow.src_ip)"), FG_REVEALS_IDENTITY);
  EXPECT_EQ(reveals("map(misc.u){1: flow.src_port; 2: stats.h.max; else flow.last_seen}"),
            FG_REVEALS_PORT | FG_REVEALS_OS | FG_REVEALS_TIME);
  EXPECT_EQ(reveals("map(flow.dst_port){80: misc.u; else 0}"), FG_REVEALS_PORT);
  EXPECT_EQ(reveals("min(misc.u, flow.dst_port) % 2 + abs(round(log2(flow.last_seen)))"),
            FG_REVEALS_PORT | FG_REVEALS_TIME);
  EXPECT_EQ(reveals("length(join(flow.src_ip, misc.t))"), FG_REVEALS_IDENTITY);
  EXPECT_EQ(reveals("item(misc.l, flow.src_port)"), FG_REVEALS_PORT);
  EXPECT_EQ(reveals("map(misc.u){1: sniffer.x; else 0}"), FG_REVEALS_NOTHING);
}

// A feature that sees what is excluded has no columns, also as one of two results.
TEST(ExpressionFunctions, AWithheldFeatureTakesItsColumnsAlong) {
  const Lab lab;
  for (const char* expression : {"map(misc.u){1: sniffer.x; else 0}", "if(misc.b, 1, sniffer.x)",
                                 "coalesce(misc.nu, sniffer.x)", "is_null(sniffer.x)"}) {
    const auto bound =
        lab.bind(Lab::schema({{"x", expression, kOwnType}, {"y", "1", FG_U64}}), FG_REVEALS_IDENTITY | FG_REVEALS_PORT);
    ASSERT_TRUE(bound) << message_of(bound);
    EXPECT_EQ(bound->left_out, std::vector<std::string>{"x"}) << expression;
  }
}

TEST(ExpressionFunctions, Refusals) {
  const Lab lab;
  struct Refusal {
    const char* expression;
    const char* message;
    fg_type type = FG_F64;
  };
  const std::vector<Refusal> cases = {
      {"1 < 2 < 3", "7: a comparison is not compared again; use if() or parentheses"},
      {"misc.u = 1", "8: write == to compare"},
      {"misc.u < ", "10: a value is missing at the end"},
      {"misc.t < 1", "10: '<' takes a text here, and this is an integer"},
      {"1 == misc.t", "6: '==' takes numbers, and this is a text"},
      {"misc.l == misc.l", "1: '==' takes numbers, and this is a list"},
      {"stats.s > 1", "1: '>' takes numbers, and this is a series: take .mean, .total, ... of it"},
      {"misc.t % 2", "1: '%' takes numbers, and this is a text"},
      {"if(misc.d, 1, 2)", "4: if() takes a condition here: a comparison, or an integer, and this is a double"},
      {"if(misc.b, 1, 'x')", "15: if() takes two values of one kind, and these are an integer and a text"},
      {"if(misc.b, 1)", "1: write if(condition, then, else): it takes 3 arguments, not 2"},
      {"coalesce(misc.nt, 0)", "19: coalesce() takes two values of one kind, and these are a text and an integer"},
      {"coalesce(stats.s, 0)", "10: coalesce() takes no series: take .mean, .total, ... of it"},
      {"is_null(stats.s)", "9: is_null() takes no series: take .mean, .total, ... of it"},
      {"min(misc.t, 1)", "5: min() takes a number here, and this is a text"},
      {"round(misc.l)", "7: round() takes a number here, and this is a list"},
      {"log2(misc.t)", "6: log2() takes a number here, and this is a text"},
      {"length(misc.u)", "8: length() takes a text or a list, and this is an integer"},
      {"join(misc.t, 1)", "14: join() takes a text, and this is an integer", FG_STRING},
      {"item(misc.t, 0)", "6: item() takes a list, and this is a text"},
      {"item(misc.l, 0.5)", "14: item() takes an integer here, 0 for the first item, and this is a double"},
      {"map(misc.u){1: misc.t; else 0}", "1: the results of the map must be all texts or all numbers"},
      {"map(misc.u){1: stats.s; else stats.s}", "1: the results of the map must be all texts or all numbers"},
      {"map(misc.u){1: misc.nothing; else 0}",
       "16: misc.nothing: feature 'misc' has no such column; `flowgauge columns` lists what there is"},
      {"map(misc.u){1: }", "16: a value is expected here, not '}'"},
      {"misc.u > 1", "1: it is declared as string, but gives a boolean", FG_STRING},
  };
  for (const Refusal& one : cases) EXPECT_EQ(lab.error(one.expression, one.type), one.message) << one.expression;
}

}  // namespace
}  // namespace flowgauge
