#include "core/plugin/schema_options.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

Schema schema_with_options() {
  Schema schema;
  schema.name = "nfstream";
  schema.options = {{"gaps", "What to add.", "none", FG_STRING, FG_UNIT_NONE},
                    {"level", "How much.", "1", FG_U64, FG_UNIT_NONE},
                    {"share", "A part.", "0.5", FG_F64, FG_UNIT_NONE},
                    {"pure", "Only that.", "false", FG_BOOL, FG_UNIT_NONE}};
  for (const char* only_if :
       {static_cast<const char*>(nullptr), "gaps=fill", "gaps=all", "level=2", "share=0.50", "pure=true", "pure=false"})
    schema.columns.push_back({"x", "1", FG_U64, FG_UNIT_NONE, FG_WHEN_BOTH, 0, only_if});
  return schema;
}

// One letter for each entry: is it there?
std::string there(const std::vector<OptionText>& given) {
  const Schema schema = schema_with_options();
  const auto values = parse_schema_options(schema, given, "");
  if (!values) return values.error().message;
  std::string text;
  for (const fg_schema_column& entry : schema.columns) text += is_there(entry, schema, values->values()) ? 'x' : '.';
  return text;
}

TEST(SchemaOptions, DecideWhichEntriesAreThere) {
  //                                      always, fill, all, level, share, pure, not
  EXPECT_EQ(there({}), "x...x.x");
  EXPECT_EQ(there({{"gaps", "fill", ""}}), "xx..x.x");
  EXPECT_EQ(there({{"gaps", "all", ""}, {"level", "2", ""}}), "x.xxx.x");
  EXPECT_EQ(there({{"gaps", "none", ""}, {"pure", "true", ""}, {"share", "0.25", ""}}), "x....x.");
  EXPECT_EQ(there({{"level", "02", ""}}), "x..xx.x");  // by value, not by text
}

TEST(SchemaOptions, WhatIsWrongIsSaidWithItsPlace) {
  EXPECT_EQ(there({{"gasp", "fill", "p.yaml:4"}}),
            "p.yaml:4: schema 'nfstream' has no option 'gasp'; did you mean 'gaps'?");
  EXPECT_EQ(there({{"level", "fill", "p.yaml:4"}}),
            "p.yaml:4: option 'level' of schema 'nfstream' is 'fill', which is not a whole number from 0 to "
            "18446744073709551615; it means: How much.");
  // A text that no entry asks for would change nothing, and nobody would notice.
  EXPECT_EQ(there({{"gaps", "fil", "p.yaml:4"}}),
            "p.yaml:4: 'fil' is not a value of option 'gaps' of schema 'nfstream' (none, fill, all); did you mean "
            "'fill'?");
}

// Also one that no entry asks for: whoever declares it wants it.
TEST(SchemaOptions, ChoicesAndRangesAreThoseOfTheDeclaration) {
  static constexpr const char* kChoices[] = {"none", "fill", "later"};
  Schema schema = schema_with_options();
  schema.options[0].choices = kChoices;
  schema.options[0].choice_count = 3;
  schema.options[1].maximum = "2";
  const auto said = [&](const OptionText& given) {
    const auto values = parse_schema_options(schema, {&given, 1}, "");
    return values ? "" : values.error().message;
  };
  EXPECT_EQ(said({"gaps", "later", ""}), "");
  EXPECT_EQ(said({"gaps", "all", ""}),
            "option 'gaps' of schema 'nfstream' is 'all', which is not one of none, fill, later; it means: What to "
            "add.");
  EXPECT_EQ(said({"level", "2", ""}), "");
  EXPECT_EQ(said({"level", "3", ""}),
            "option 'level' of schema 'nfstream' is '3', which is not a whole number from 0 to 2; it means: How much.");
}

TEST(SchemaOptions, ConditionsAreTakenApart) {
  EXPECT_EQ(read_condition("gaps=fill")->option, "gaps");
  EXPECT_EQ(read_condition("gaps=a=b")->value, "a=b");
  for (const char* wrong : {"", "gaps", "=fill", "gaps=", "="}) EXPECT_FALSE(read_condition(wrong)) << wrong;
}

}  // namespace
}  // namespace flowgauge
