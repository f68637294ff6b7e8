// What a cell's text is.
#include "core/summary/cell_value.h"

#include <gtest/gtest.h>

namespace flowgauge::test {
namespace {

using Kind = CellValue::Kind;

CellValue plain(std::string_view text) { return value_of_cell({text, Cell::Form::kPlain}); }

TEST(CellValue, Numbers) {
  struct Row {
    std::string_view text;
    double number;
    bool is_whole;
  };
  for (const Row& row :
       {Row{"0", 0, true}, Row{"-0", 0, true}, Row{"42", 42, true}, Row{"-7", -7, true}, Row{"1.0", 1, true},
        Row{"0.1", 0.1, false}, Row{".5", 0.5, false}, Row{"5.", 5, true}, Row{"-2.25", -2.25, false},
        Row{"1e3", 1000, true}, Row{"2.5E-1", 0.25, false}, Row{"+3", 3, true}, Row{"007", 7, true},
        Row{"123456789.123456789", 123456789.123456789, false}, Row{"1e-999", 0, true},
        Row{"0.30000000000000004", 0.30000000000000004, false}}) {
    const CellValue value = plain(row.text);
    EXPECT_EQ(value.kind, Kind::kNumber) << row.text;
    EXPECT_EQ(value.number, row.number) << row.text;
    EXPECT_EQ(value.is_whole, row.is_whole) << row.text;
  }
}

TEST(CellValue, WholeNumbersThatDoublesDoNotHold) {
  EXPECT_FALSE(plain("9007199254740992").is_beyond_2_53);
  EXPECT_TRUE(plain("9007199254740993").is_beyond_2_53);
  EXPECT_EQ(plain("1790777200002000001").whole, 1790777200002000001);
  EXPECT_TRUE(plain("18446744073709551615").is_beyond_2_53);
  EXPECT_NE(plain("18446744073709551615").identity, plain("18446744073709551614").identity);
}

TEST(CellValue, OthersAreNone) {
  for (const std::string_view text :
       {"", "abc", "-", "+", ".", "1.2.3", "1,5", "0x10", " 1", "1 ", "1e", "--1", "+-1", "10.0.0.1", "nano"})
    EXPECT_NE(plain(text).kind, Kind::kNumber) << text;
  for (const std::string_view text : {"nan", "NaN", "-inf", "Infinity", "1e999"})
    EXPECT_EQ(plain(text).kind, Kind::kNotFinite) << text;
  EXPECT_EQ(plain("").kind, Kind::kMissing);
  EXPECT_EQ(value_of_cell({"5", Cell::Form::kText}).kind, Kind::kText);
}

TEST(CellValue, EqualCellsHaveOneIdentity) {
  EXPECT_EQ(plain("1").identity, plain("1.0").identity);
  EXPECT_EQ(plain("1000").identity, plain("1e3").identity);
  EXPECT_NE(plain("1").identity, plain("-1").identity);
  EXPECT_NE(hash_of_text("ab"), hash_of_text("ba"));
  EXPECT_NE(hash_of_text("a"), hash_of_text(std::string_view("a\0", 2)));
}

TEST(CellValue, Moments) {
  EXPECT_EQ(time_of_text("1970-01-01 00:00:00 UTC"), 0);
  EXPECT_EQ(time_of_text("1970-01-01T00:00:01Z"), 1'000'000'000);
  EXPECT_EQ(time_of_text("2008-05-16 15:50:46.591123 UTC"), 1210953046591123000);
  EXPECT_EQ(time_of_text("1969-12-31 23:59:59.5"), -500'000'000);
  for (const std::string_view text :
       {"", "2008-05-16", "2008-13-16 15:50:46", "2008-05-16 24:50:46", "2008-02-30 00:00:00",
        "2008-05-16 15:50:46 CET", "2008-05-16 15:50:46.", "12008-05-16 15:50:46"})
    EXPECT_EQ(time_of_text(text), std::nullopt) << text;
}

}  // namespace
}  // namespace flowgauge::test
