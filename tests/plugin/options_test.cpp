#include "core/plugin/options.h"

#include <gtest/gtest.h>

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
    EXPECT_FALSE(parse_option(FG_U64, text)) << text;
  EXPECT_EQ(parse_option(FG_U64, "18446744073709551615")->u64, UINT64_MAX);
  for (const char* text : {"", "nan", "-inf", "1e999", "1,5"}) EXPECT_FALSE(parse_option(FG_F64, text)) << text;
  EXPECT_EQ(parse_option(FG_F64, "1e3")->f64, 1000.0);
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
