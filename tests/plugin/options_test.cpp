#include "core/plugin/options.h"

#include <gtest/gtest.h>

#include <array>

#include "core/plugin/option_value.h"
#include "tests/plugin/memory_feature.h"

namespace flowgauge {
namespace {

Feature feature_with_options() {
  return test::made_feature({.name = "bulk",
                             .options = {{"packets", "Least packets.", "4", FG_U64, FG_UNIT_PACKETS},
                                         {"shift", "An offset.", "-1", FG_I64, FG_UNIT_NS},
                                         {"share", "A part.", "0.5", FG_F64, FG_UNIT_NONE},
                                         {"pure", "Count pure ACKs.", "false", FG_BOOL, FG_UNIT_NONE},
                                         {"label", "A text.", nullptr, FG_STRING, FG_UNIT_NONE}}});
}

std::string text_of(const fg_value& value) { return {value.string.data, value.string.size_bytes}; }

TEST(Options, GivenValuesAndDefaultsInTheDeclaredOrder) {
  const Feature feature = feature_with_options();
  const OptionText given[] = {{"label", "a b", ""}, {"pure", "true", ""}, {"shift", "-9223372036854775808", ""}};
  auto parsed = parse_options(feature, given, "p.yaml:3");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const OptionValues copy = *parsed;
  parsed = {};  // a copy keeps the texts alive
  const auto values = copy.values();
  ASSERT_EQ(values.size(), 5u);
  EXPECT_EQ(values[0].u64, 4u);
  EXPECT_EQ(values[1].i64, INT64_MIN);
  EXPECT_EQ(values[2].f64, 0.5);
  EXPECT_EQ(values[3].boolean, 1u);
  EXPECT_EQ(text_of(values[4]), "a b");
}

TEST(Options, WhatIsWrongIsSaidWithItsPlace) {
  struct Case {
    std::vector<OptionText> given;
    std::string expected;
  };
  const OptionText label{"label", "x", "p.yaml:9"};
  const Case cases[] = {
      {{}, "p.yaml:3: feature 'bulk' needs the option 'label' (A text.); give it a value"},
      {{label, {"packts", "4", "p.yaml:4"}},
       "p.yaml:4: feature 'bulk' has no option 'packts'; did you mean 'packets'?"},
      {{label, {"color", "red", ""}},
       "feature 'bulk' has no option 'color'; it has packets, shift, share, pure, label"},
      {{label, label}, "p.yaml:9: option 'label' of feature 'bulk' is given twice; remove one of them"},
      {{label, {"packets", "-1", "p.yaml:5"}},
       "p.yaml:5: option 'packets' of feature 'bulk' is '-1', which is not a whole number from 0 to "
       "18446744073709551615; it means: Least packets."},
      {{label, {"shift", "9223372036854775808", "p.yaml:5"}},
       "p.yaml:5: option 'shift' of feature 'bulk' is '9223372036854775808', which is not a whole number from "
       "-9223372036854775808 to 9223372036854775807; it means: An offset."},
      {{label, {"share", "inf", "p.yaml:6"}},
       "p.yaml:6: option 'share' of feature 'bulk' is 'inf', which is not a number; it means: A part."},
      {{label, {"pure", "yes", "p.yaml:7"}},
       "p.yaml:7: option 'pure' of feature 'bulk' is 'yes', which is neither true nor false; it means: Count pure "
       "ACKs."},
  };
  for (const Case& one : cases) {
    const auto values = parse_options(feature_with_options(), one.given, "p.yaml:3");
    ASSERT_FALSE(values) << one.expected;
    EXPECT_EQ(values.error().message, one.expected);
    EXPECT_EQ(values.error().code, ExitCode::kUsage);
  }
}

TEST(Options, NumbersAreTheWholeText) {
  for (const char* text : {"", " 4", "4 ", "4x", "0x4", "+4", "18446744073709551616", "4.0"})
    EXPECT_FALSE(parse_value(FG_U64, text)) << text;
  EXPECT_EQ(parse_value(FG_U64, "18446744073709551615")->u64, UINT64_MAX);
  for (const char* text : {"", "nan", "-inf", "1e999", "1,5"}) EXPECT_FALSE(parse_value(FG_F64, text)) << text;
  EXPECT_EQ(parse_value(FG_F64, "1e3")->f64, 1000.0);
}

constexpr std::array kModes = {"fast", "slow", "sl\u00f6w"};

// As ABI 1.1 has them: ranges, choices, lists.
Feature feature_with_lists() {
  fg_option window{"window", "Seconds.", "5", FG_U64, FG_UNIT_S, "1", "60"};
  fg_option offset{"offset", "An offset.", "0", FG_I64, FG_UNIT_NS, "-3"};
  fg_option share{"share", "A part.", "1", FG_F64, FG_UNIT_NONE, nullptr, "1.5"};
  fg_option mode{"mode", "How.", "fast", FG_STRING, FG_UNIT_NONE, nullptr, nullptr, kModes.data(), kModes.size()};
  fg_option ports{"ports", "Which.", "80, 443", FG_LIST_U64, FG_UNIT_NONE, "1", "65535"};
  fg_option shifts{"shifts", "How far.", "-1", FG_LIST_I64, FG_UNIT_NONE};
  fg_option parts{"parts", "How much.", "", FG_LIST_F64, FG_UNIT_NONE};
  fg_option modes{"modes", "All.", "slow,fast", FG_LIST_STRING, FG_UNIT_NONE, nullptr, nullptr, kModes.data(), 3};
  return test::made_feature({.name = "bulk", .options = {window, offset, share, mode, ports, shifts, parts, modes}});
}

template <class List>
std::vector<std::remove_cvref_t<decltype(*List::data)>> items_in(const List& list) {
  return {list.data, list.data + list.size};
}

std::vector<std::string> texts_in(const fg_list_string& list) {
  std::vector<std::string> texts;
  for (const fg_string& text : items_in(list)) texts.emplace_back(text.data, text.size_bytes);
  return texts;
}

OptionText list(const std::string& name, std::vector<std::string> items) { return {name, "", "p.yaml:7", items}; }

TEST(Options, ListsAreGivenOrTakeTheirDefaults) {
  auto parsed = parse_options(feature_with_lists(), {}, "");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const OptionValues defaults = *parsed;
  const OptionText given[] = {list("ports", {"65535"}),
                              list("shifts", {}),
                              list("parts", {"0.5", "-1e3"}),
                              list("modes", {"sl\u00f6w", "slow", "slow"}),
                              {"share", "-7", ""},
                              {"window", "60", ""}};
  parsed = parse_options(feature_with_lists(), given, "");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const OptionValues copy = *parsed;
  parsed = {};  // copies keep what they point to

  ASSERT_EQ(defaults.lists().size(), 8u);
  ASSERT_EQ(defaults.values().size(), 8u);
  EXPECT_EQ(defaults.lists()[0].u64.size, 0u);
  EXPECT_EQ(items_in(defaults.lists()[4].u64), (std::vector<std::uint64_t>{80, 443}));
  EXPECT_EQ(items_in(defaults.lists()[5].i64), (std::vector<std::int64_t>{-1}));
  EXPECT_EQ(defaults.lists()[6].f64.size, 0u);
  EXPECT_EQ(texts_in(defaults.lists()[7].string), (std::vector<std::string>{"slow", "fast"}));

  EXPECT_EQ(copy.values()[0].u64, 60u);
  EXPECT_EQ(copy.values()[2].f64, -7.0);
  EXPECT_EQ(items_in(copy.lists()[4].u64), (std::vector<std::uint64_t>{65535}));
  EXPECT_EQ(copy.lists()[5].i64.size, 0u);
  EXPECT_EQ(items_in(copy.lists()[6].f64), (std::vector<double>{0.5, -1000}));
  EXPECT_EQ(texts_in(copy.lists()[7].string), (std::vector<std::string>{"sl\u00f6w", "slow", "slow"}));
}

TEST(Options, WhatIsNotAllowedIsSaidWithWhatIs) {
  struct Case {
    OptionText given;
    std::string expected;
  };
  const auto one = [](const char* name, const char* value) { return OptionText{name, value, "p.yaml:7"}; };
  const Case cases[] = {
      {one("window", "0"),
       "option 'window' of feature 'bulk' is '0', which is not a whole number from 1 to 60; it "
       "means: Seconds."},
      {one("window", "61"),
       "option 'window' of feature 'bulk' is '61', which is not a whole number from 1 to 60; it "
       "means: Seconds."},
      {one("window", "x"),
       "option 'window' of feature 'bulk' is 'x', which is not a whole number from 1 to 60; it "
       "means: Seconds."},
      {one("offset", "-4"),
       "option 'offset' of feature 'bulk' is '-4', which is not a whole number from -3 to "
       "9223372036854775807; it means: An offset."},
      {one("share", "1.51"),
       "option 'share' of feature 'bulk' is '1.51', which is not a number of 1.5 or less; it "
       "means: A part."},
      {one("share", "nan"),
       "option 'share' of feature 'bulk' is 'nan', which is not a number of 1.5 or less; it "
       "means: A part."},
      {one("mode", "fats"),
       "option 'mode' of feature 'bulk' is 'fats', which is not one of fast, slow, sl\u00f6w; did "
       "you mean 'fast'? It means: How."},
      {one("mode", ""),
       "option 'mode' of feature 'bulk' is '', which is not one of fast, slow, sl\u00f6w; it means: "
       "How."},
      {one("ports", "80"), "option 'ports' of feature 'bulk' is '80', but it is a list; write [80]"},
      {list("window", {"1"}),
       "option 'window' of feature 'bulk' is a list, but it takes a single value; it means: "
       "Seconds."},
      {list("ports", {"1", "65536"}),
       "item 2 of option 'ports' of feature 'bulk' is '65536', which is not a whole "
       "number from 1 to 65535; it means: Which."},
      {list("ports", {"80, 443"}),
       "item 1 of option 'ports' of feature 'bulk' is '80, 443', which is not a whole "
       "number from 1 to 65535; it means: Which."},
      {list("parts", {"inf"}),
       "item 1 of option 'parts' of feature 'bulk' is 'inf', which is not a number; it means: "
       "How much."},
      {list("modes", {"fast", "\x1b[2J"}),
       "item 2 of option 'modes' of feature 'bulk' is '\\x1b[2J', which is not one "
       "of fast, slow, sl\u00f6w; it means: All."},
      {list("ports", std::vector<std::string>(kMostListItems + 1, "1")),
       "option 'ports' of feature 'bulk' has 4097 items; give it at most 4096"},
  };
  for (const Case& wrong : cases) {
    const auto values = parse_options(feature_with_lists(), {&wrong.given, 1}, "p.yaml:3");
    ASSERT_FALSE(values) << wrong.expected;
    EXPECT_EQ(values.error().message, "p.yaml:7: " + wrong.expected);
    EXPECT_EQ(values.error().code, ExitCode::kUsage);
  }
  const OptionText most = list("ports", std::vector<std::string>(kMostListItems, "1"));
  EXPECT_TRUE(parse_options(feature_with_lists(), {&most, 1}, ""));
}

TEST(Options, AListInOneTextHasItsItemsBetweenCommas) {
  using Items = std::vector<std::string>;
  EXPECT_EQ(split_list(""), Items());
  EXPECT_EQ(split_list("  "), Items());
  EXPECT_EQ(split_list("1"), Items({"1"}));
  EXPECT_EQ(split_list(" 1 ,2,  a b "), Items({"1", "2", "a b"}));
  EXPECT_EQ(split_list("1,"), Items({"1", ""}));
  EXPECT_EQ(split_list(" , "), Items({"", ""}));
}

TEST(Options, ManyChoicesAreNotAllNamed) {
  std::vector<std::string> names;
  std::vector<const char*> choices;
  for (int i = 0; i < 20; ++i) names.push_back(fmt::format("c{}", i));
  for (const std::string& name : names) choices.push_back(name.c_str());
  fg_option option{"mode", "How.", nullptr, FG_STRING, FG_UNIT_NONE, nullptr, nullptr, choices.data(), 20};
  EXPECT_EQ(parse_value(option, "other").error(),
            "is not one of c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15 and 4 more");
  EXPECT_TRUE(parse_value(option, "c19"));
}

TEST(Options, AFeatureWithoutOptionsTakesNone) {
  const Feature feature = test::made_feature({.name = "iat"});
  EXPECT_TRUE(parse_options(feature, {}, ""));
  const OptionText given[] = {{"gap", "1", "p.yaml:2"}};
  const auto values = parse_options(feature, given, "");
  ASSERT_FALSE(values);
  EXPECT_EQ(values.error().message, "p.yaml:2: feature 'iat' has no option 'gap'; it takes none, remove it");
}

}  // namespace
}  // namespace flowgauge
