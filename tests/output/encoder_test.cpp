// Rows in each format, cell by cell.
#include "core/output/encoder.h"

#include <gtest/gtest.h>

#include "core/text/cell_text.h"
#include "tests/table/lab.h"

namespace flowgauge {
namespace {

std::vector<OutputColumn> named(std::vector<std::string> names) {
  std::vector<OutputColumn> columns;
  for (std::string& name : names) columns.push_back({std::move(name), FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING});
  return columns;
}

// A table of one text and one integer, in the given format.
std::string table(TableFormat format, const std::vector<Cell>& texts) {
  const Lab lab;
  const auto schema = lab.bind(Lab::schema({{"a \"b\"", "misc.nt", FG_STRING}, {"n", "misc.u", FG_U64}}));
  Cells cells{{"misc.nt", texts}, {"misc.u", {}}};
  for (std::size_t i = 0; i < texts.size(); ++i) cells["misc.u"].emplace_back(std::uint64_t{i});
  return lab.rows(*schema, cells, format);
}

std::string text(const char* bytes, std::size_t size) { return {bytes, size}; }

TEST(Encoder, CsvQuotesOnlyWhereNeeded) {
  struct Case {
    std::string text;
    std::string cell;
  };
  const std::vector<Case> cases = {
      {"", ""},
      {"plain", "plain"},
      {" spaces ", " spaces "},
      {"it's", "it's"},
      {"a,b", "\"a,b\""},
      {"a\"b", "\"a\"\"b\""},
      {"\"", "\"\"\"\""},
      {"a\nb", "\"a\nb\""},
      {"a\rb", "\"a\rb\""},
      {"12345678,", "\"12345678,\""},  // after, in and before a whole word of 8
      {"1234567,", "\"1234567,\""},
      {"12345678901234567\n", "\"12345678901234567\n\""},
      {"\xc3\xa9", "\xc3\xa9"},
      {"\xff\x80", "\xff\x80"},  // as it came
      {text("a\0b", 3), text("a\0b", 3)},
      // Neighbours of the special characters.
      {"+-.#!\t\x0b\x0c\x0e", "+-.#!\t\x0b\x0c\x0e"},
      {"\x8c\xac\xa2\x8a\x8d\x2d\x23\x0b", "\x8c\xac\xa2\x8a\x8d\x2d\x23\x0b"},
  };
  for (const Case& one : cases) EXPECT_EQ(table(TableFormat::kCsv, {one.text}), one.cell + ",0\n");
  EXPECT_EQ(table(TableFormat::kCsv, {Null{}}), ",0\n");
}

// Texts are looked at by words, the last of which may overlap the one before.
TEST(Encoder, CsvQuotesWhereverTheCharacterStands) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const std::string plain(size, '-');
    EXPECT_EQ(table(TableFormat::kCsv, {plain}), plain + ",0\n");
    for (std::size_t at = 0; at < size; ++at) {
      std::string text = plain;
      text[at] = '\n';
      EXPECT_EQ(table(TableFormat::kCsv, {text}), '"' + text + "\",0\n") << at << " of " << size;
    }
  }
}

TEST(Encoder, JsonEscapes) {
  struct Case {
    std::string text;
    std::string value;
  };
  const std::vector<Case> cases = {
      {"", "\"\""},
      {"plain, 'fine'", "\"plain, 'fine'\""},
      {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
      {"\n\r\t\x1f\x7f", "\"\\u000a\\u000d\\u0009\\u001f\x7f\""},
      {text("\0", 1), "\"\\u0000\""},
      {"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""},
      {"\xff", "\"\\ufffd\""},
      {"\xc3", "\"\\ufffd\""},
      {"\xc3(", "\"\\ufffd(\""},
      {"\xc0\xaf", "\"\\ufffd\\ufffd\""},                        // overlong
      {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},             // half of a surrogate pair
      {"\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},  // past U+10FFFF
      {"\xe2\x82", "\"\\ufffd\\ufffd\""},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(table(TableFormat::kJsonLines, {one.text}), "{\"a \\\"b\\\"\":" + one.value + ",\"n\":0}\n");
  }
  EXPECT_EQ(table(TableFormat::kJsonLines, {Null{}}), "{\"a \\\"b\\\"\":null,\"n\":0}\n");
}

TEST(Encoder, ATerminalIsGivenNoCommands) {
  EXPECT_EQ(table(TableFormat::kPrint, {"\x1b[2J\x7f\xc2\x9b\x1f\n\xff\xc3\xa9"}),
            "?[2J????"
            "?\xc3\xa9\x1f"
            "0\n");
}

TEST(Encoder, CellsOfEveryType) {
  const Lab lab;
  const auto schema = lab.bind(Lab::schema({{"u", "misc.nu", FG_U64},
                                            {"i", "misc.ni", FG_I64},
                                            {"d", "misc.d", FG_F64},
                                            {"b", "misc.b", FG_BOOL},
                                            {"t", "misc.t", FG_STRING},
                                            {"l", "misc.l", FG_LIST_U64}}));
  const Cells cells = {{"misc.nu", {std::uint64_t{UINT64_MAX}, Null{}}},
                       {"misc.ni", {std::int64_t{INT64_MIN}, Null{}}},
                       {"misc.d", {0.125, -0.0}},
                       {"misc.b", {true, false}},
                       {"misc.t", {"x", ""}},
                       {"misc.l", {std::vector<std::uint64_t>{1, 22, 333}, std::vector<std::uint64_t>{7}}}};
  EXPECT_EQ(lab.rows(*schema, cells, TableFormat::kCsv),
            "18446744073709551615,-9223372036854775808,0.125,1,x,\"[1,22,333]\"\n,,0,0,,[7]\n");
  EXPECT_EQ(lab.rows(*schema, cells, TableFormat::kJsonLines),
            "{\"u\":18446744073709551615,\"i\":-9223372036854775808,\"d\":0.125,\"b\":1,\"t\":\"x\",\"l\":[1,22,333]}\n"
            "{\"u\":null,\"i\":null,\"d\":0,\"b\":0,\"t\":\"\",\"l\":[7]}\n");
}

// A line without a character is no row to most readers.
TEST(Encoder, ASingleColumnIsNeverAnEmptyLine) {
  const Lab lab;
  const auto schema = lab.bind(Lab::schema({{"t", "misc.nt", FG_STRING}}));
  EXPECT_EQ(lab.rows(*schema, {{"misc.nt", {"a", "", Null{}}}}), "a\n\"\"\n\"\"\n");
}

TEST(Encoder, RowsAreAppendedAndTheirEndsTold) {
  const Lab lab;
  const auto schema = lab.bind(Lab::schema({{"u", "misc.u", FG_U64}}));
  ColumnBatch batch(schema->needed);
  SchemaEvaluator evaluator(*schema, batch);
  Encoder encoder(TableFormat::kCsv, schema->columns);
  std::string rows = "before\n";
  std::vector<std::size_t> ends;
  Arena arena;
  for (const std::uint32_t count : {2U, 0U, 1U}) {
    batch.begin(count);
    auto* cells = static_cast<std::uint64_t*>(batch.vector(*lab.catalog().find("misc.u")).cells);
    for (std::uint32_t row = 0; row < count; ++row) cells[row] = 10 * row;
    const auto output = evaluator.evaluate(arena);
    ASSERT_TRUE(output);
    encoder.append(*output, rows, ends);
  }
  EXPECT_EQ(rows, "before\n0\n10\n0\n");
  EXPECT_EQ(ends, (std::vector<std::size_t>{9, 12, 14}));
}

// Long cells make the text grow in the middle of a batch.
TEST(Encoder, LongCells) {
  const std::string quotes(40'000, '"');
  std::string doubled;
  for (int i = 0; i < 40'000; ++i) doubled += "\"\"";
  EXPECT_EQ(table(TableFormat::kCsv, {quotes, quotes}), "\"" + doubled + "\",0\n\"" + doubled + "\",1\n");
  const std::string broken(30'000, '\xff');
  std::string replaced;
  for (int i = 0; i < 30'000; ++i) replaced += "\\ufffd";
  EXPECT_EQ(table(TableFormat::kJsonLines, {broken}), "{\"a \\\"b\\\"\":\"" + replaced + "\",\"n\":0}\n");
}

TEST(Encoder, Header) {
  EXPECT_EQ(header_line(TableFormat::kCsv, named({"Src IP", "a,b", "c\"d"})), "Src IP,\"a,b\",\"c\"\"d\"\n");
  EXPECT_EQ(header_line(TableFormat::kJsonLines, named({"a"})), "");
  EXPECT_EQ(header_line(TableFormat::kPrint, named({"a", "b\n"})),
            "a\x1f"
            "b?\n");
}

}  // namespace
}  // namespace flowgauge
