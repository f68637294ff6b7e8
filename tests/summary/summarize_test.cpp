// Tables by hand: what is counted, what is found, what is refused.
#include "core/summary/summarize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/summary/made_table.h"

namespace flowgauge::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Type = ColumnReport::Type;

std::vector<std::string> kinds(const Summary& summary) {
  std::vector<std::string> all;
  for (const TableFinding& finding : summary.findings) all.push_back(finding.kind);
  return all;
}

TEST(Summarize, NumbersByHand) {
  const auto made = MadeTable("a,b,c\n1,x,\n2,\"y, \"\"z\"\"\",0.5\n3,x,\n6,x,nan\n").summary();
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->columns.size(), 3);
  EXPECT_EQ(made->rows, 4);
  const ColumnReport& a = made->columns[0];
  EXPECT_EQ(a.type, Type::kWhole);
  ASSERT_TRUE(a.numbers);
  EXPECT_EQ(a.numbers->least, 1);
  EXPECT_EQ(a.numbers->greatest, 6);
  EXPECT_EQ(a.numbers->mean, 3);
  EXPECT_EQ(a.numbers->median, 2);
  EXPECT_DOUBLE_EQ(a.numbers->deviation, std::sqrt(3.5));
  EXPECT_THAT(made->columns[1].top, ElementsAre(ValueShare{"x", 3}, ValueShare{"y, \"z\"", 1}));
  EXPECT_EQ(made->columns[2].missing, 2);
  EXPECT_EQ(made->columns[2].not_finite, 1);
  EXPECT_EQ(made->columns[2].type, Type::kReal);
  EXPECT_THAT(kinds(*made), ElementsAre("not_finite"));
}

TEST(Summarize, CsvAsOthersWriteIt) {
  struct Row {
    std::string_view content;
    std::uint64_t rows;
    std::uint64_t columns;
  };
  for (const Row& row :
       {Row{"a,b\r\n1,2\r\n", 1, 2},
        Row{"\xEF\xBB\xBF"
            "a,b\n1,2",
            1, 2},
        Row{"a\tb\n1\t2\n", 1, 2}, Row{"a;b\n1;2\n", 1, 2}, Row{"\"a\nb\",c\n1,\"\n\n\"\n", 1, 2},
        Row{"a\n\n1\n", 2, 1}, Row{"a,b\n1,2\n\na,b\n3,4\n", 2, 2}, Row{"a,b\n", 0, 2}, Row{"a,b", 0, 2}}) {
    const auto made = MadeTable(row.content).summary();
    ASSERT_TRUE(made) << row.content << ": " << made.error().message;
    EXPECT_EQ(made->fault, std::nullopt) << row.content;
    EXPECT_EQ(made->rows, row.rows) << row.content;
    EXPECT_EQ(made->columns.size(), row.columns) << row.content;
  }
}

TEST(Summarize, WhatIsNoTableIsRefused) {
  struct Row {
    std::string_view content;
    std::string_view error;
  };
  for (const Row& row :
       {Row{"", "t.csv: is empty; a table begins with its header, or with a row of JSON"},
        Row{std::string_view("ab\0cd", 5), "t.csv: is binary, and no table that is known here (CSV, JSONL, Parquet)"},
        Row{"\xd4\xc3\xb2\xa1....", "t.csv: is a capture, not a table; flowgauge pcap makes a table of it"},
        Row{"[{\"a\":1}]", "t.csv: begins with '[': is it a JSON array? Write one object a line (jq -c '.[]')"},
        Row{"PAR1....",
            "t.csv: is Parquet or Arrow, and what reads it is not installed; install flowgauge-arrow, or write CSV"},
        Row{"source_ip       port\n10.0.0.1   5\n",
            "t.csv: line 1 has one column with spaces in it; is it an aligned table (-o print)? Write CSV"}})
    EXPECT_EQ(MadeTable(row.content).error(), row.error) << row.content;
}

TEST(Summarize, FaultsNameTheLineAndKeepTheRowsBefore) {
  struct Row {
    std::string_view content;
    std::uint64_t rows;
    std::string_view error;
  };
  for (const Row& row :
       {Row{"a,b\n1,2\n3\n", 1,
            "t.csv: line 3 has 1 cell, the header 2; is a quote missing, or are two tables joined?"},
        Row{"a,b\n1,2\n3", 1, "t.csv: line 3 has 1 cell, the header 2; it is the last: was the table cut?"},
        Row{"a,b\n\"1\n\",2\n3,4,5\n", 1,
            "t.csv: line 4 has 3 cells, the header 2; is a quote missing, or are two tables joined?"},
        Row{"a,b\n1,2\n3,x\"y\"\n", 1,
            "t.csv: line 3: a quote within a cell; where a cell has quotes, all of it stands in quotes, and its own "
            "are two"},
        Row{"a,b\n1,2\n3,\"4\n", 1, "t.csv: line 3: a quote is opened and never closed; was the table cut?"},
        Row{"{\"a\":1}\n{\"a\":", 1,
            "t.csv: line 2: is no JSON object (JSON document ended early in the middle of an object or array.); it is "
            "the last "
            "line: was the table cut?"},
        Row{"{\"a\":1}\n{\"a\":nan}\n", 1, "t.csv: line 2: Problem while parsing an atom starting with the letter 'n'"},
        Row{"{\"a\":1}\n5\n", 1, "t.csv: line 2: is no JSON object"}}) {
    const MadeTable table(row.content);
    EXPECT_EQ(table.error(), row.error) << row.content;
    const auto made = table.summary();
    ASSERT_TRUE(made) << row.content;
    EXPECT_EQ(made->rows, row.rows) << row.content;
    ASSERT_TRUE(made->fault) << row.content;
    EXPECT_EQ(made->fault->code, ExitCode::kInput);
  }
}

TEST(Summarize, JsonlHasColumnsAsTheyCome) {
  const auto made = MadeTable(
                        "{\"a\":1,\"b\":\"x\"}\n\n{\"b\":\"\",\"c\":[1, "
                        "2]}\n{\"a\":2.5,\"c\":null,\"d\":{\"e\":true}}\n{\"a\":\"7\\u00e9\"}\n")
                        .summary();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rows, 4);
  ASSERT_EQ(made->columns.size(), 4);
  EXPECT_EQ(made->columns[0].type, Type::kMixed);
  EXPECT_EQ(made->columns[0].missing, 1);
  EXPECT_THAT(made->columns[0].top, ElementsAre(ValueShare{"7\u00e9", 1}));
  EXPECT_EQ(made->columns[1].missing, 3);
  EXPECT_THAT(made->columns[2].top, ElementsAre(ValueShare{"[1, 2]", 1}));
  EXPECT_EQ(made->columns[3].missing, 3);
  EXPECT_THAT(kinds(*made), ElementsAre("mixed_columns", "blank_lines"));
}

TEST(Summarize, RowsThatSpanBuffers) {
  std::string csv = "n,text\n";
  for (int i = 0; i < 30'000; ++i)
    csv += std::to_string(i % 7) + ",\"line\n" + std::string(static_cast<std::size_t>(i % 97), 'x') + "\"\n";
  csv += "8,\"" + std::string(3 << 20, 'y') + "\"\n";
  const auto made = MadeTable(csv).summary();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->fault, std::nullopt);
  EXPECT_EQ(made->rows, 30'001);
  EXPECT_EQ(made->columns[0].numbers->greatest, 8);
  EXPECT_EQ(made->columns[1].distinct, 98);
}

TEST(Summarize, Flows) {
  const auto made = MadeTable(
                        "src_ip,src_port,dst_port,protocol,timestamp,duration,fwd_packets,total_fwd_packets,total_bwd_"
                        "packets,flow_expire_cause,label\n"
                        "10.0.0.1,1,443,6,1700000000,0,1,1,0,Exporter Shutdown,benign\n"
                        "10.0.0.2,2,443,6,1700000001,0,2,2,1,TCP Reset,benign\n"
                        "10.0.0.3,3,53,17,1700000002,5,1,1,1,Idle Timeout,scan\n"
                        "10.0.0.4,0,0,1,1699900000,5,1,1,1,Idle Timeout,scan\n")
                        .summary();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->protocols, ElementsAre(ValueShare{"tcp", 2}, ValueShare{"icmp", 1}, ValueShare{"udp", 1}));
  EXPECT_THAT(made->services,
              ElementsAre(ValueShare{"tcp/443 web", 2}, ValueShare{"icmp", 1}, ValueShare{"udp/53 dns", 1}));
  EXPECT_THAT(made->labels, ElementsAre(ValueShare{"benign", 2}, ValueShare{"scan", 2}));
  EXPECT_EQ(made->facts.zero_durations, 2);
  EXPECT_EQ(made->facts.zero_durations_of_many, 1);
  EXPECT_EQ(made->facts.one_sided, 1);
  EXPECT_EQ(made->facts.steps_back, 1);
  ASSERT_NE(made->start(), nullptr);
  EXPECT_EQ(made->start()->moments->first_ns, 1'699'900'000'000'000'000);
  EXPECT_EQ(made->start()->moments->last_ns, 1'700'000'002'000'000'000);
  const auto found = kinds(*made);
  for (const char* kind :
       {"zero_durations_of_many", "zero_durations", "one_sided", "steps_back", "leftovers", "identifiers"})
    EXPECT_THAT(found, Contains(kind));
}

// As the program reads them, by number and by name; protocols without ports have none here either.
TEST(Summarize, ServicesHavePortsWhereTheirProtocolHas) {
  const auto made =
      MadeTable("protocol,destination_port\n6,80\nudp,81\nDCCP,82\n33,82\n132,83\nudplite,84\ngre,85\n").summary();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->services,
              ElementsAre(ValueShare{"dccp/82", 2}, ValueShare{"gre", 1}, ValueShare{"sctp/83", 1},
                          ValueShare{"tcp/80 web", 1}, ValueShare{"udp/81", 1}, ValueShare{"udplite/84", 1}));
}

TEST(Summarize, ColumnsThatTellNothing) {
  const auto made = MadeTable("a,b,c,d,e,a\n1,7,1,,9007199254740993,x\n2,7,2,,5,y\n").summary();
  ASSERT_TRUE(made) << made.error().message;
  std::vector<std::pair<std::string, std::vector<std::string>>> found;
  for (const TableFinding& finding : made->findings) found.emplace_back(finding.kind, finding.columns);
  using Found = std::pair<std::string, std::vector<std::string>>;
  EXPECT_THAT(found, ElementsAre(Found{"empty_columns", {"d"}}, Found{"repeated_names", {"a"}},
                                 Found{"constant_columns", {"b"}}, Found{"equal_columns", {"a", "c"}},
                                 Found{"beyond_2_53", {"e"}}));
}

TEST(Summarize, WhatLiesBesideATable) {
  const MadeTable table("t,x\n1,2\n");
  table.beside(".meta.json",
               R"({"complete": false, "rows": 3, "schema": {"name": "mine", "version": "2.0"}, "cut_cells": 4,
                   "columns": [{"name": "x", "role": "label", "type": "u64", "unit": "", "expression": "", "classes": []}],
                   "ledger": {"frames_read": 10, "untimed_frames": 1, "ignored": {"truncated_l2": 2, "truncated_l4": 1, "not_ip": 3}}})");
  const auto made = table.summary();
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->schema, "mine 2.0");
  EXPECT_EQ(made->label_column, "x");
  const auto found = kinds(*made);
  for (const char* kind :
       {"not_complete", "other_rows", "truncated_frames", "ignored_frames", "untimed_frames", "cut_cells"})
    EXPECT_THAT(found, Contains(kind));
  const auto truncated = std::ranges::find(made->findings, "truncated_frames", &TableFinding::kind);
  EXPECT_EQ(truncated->what, "3 frames of 10 cut before the end of their headers");
}

TEST(Summarize, SeveralFilesAreOneTable) {
  const MadeTable a("x,y\n1,2\n"), b("x,y\n3,4\n"), other("x,z\n5,6\n");
  const StopRequest stop;
  const auto made = summarize({.tables = {a.path(), b.path()}}, stop);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->rows, 2);
  EXPECT_EQ(made->columns[0].numbers->mean, 2);
  EXPECT_THAT(made->findings, IsEmpty());
  const auto partial = summarize({.tables = {a.path(), other.path(), b.path()}}, stop);
  ASSERT_TRUE(partial);
  EXPECT_EQ(partial->rows, 1);
  EXPECT_TRUE(partial->fault);
}

}  // namespace
}  // namespace flowgauge::test
