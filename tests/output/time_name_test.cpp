// Names with fields of time, and numbered ones.
#include "core/output/time_name.h"

#include <gtest/gtest.h>

#include <limits>

namespace flowgauge {
namespace {

constexpr std::int64_t kMorning = 1'709'172'061'999'999'999;  // 2024-02-29 02:01:01.999999999 UTC

TEST(TimeName, FillsFieldsInByUtc) {
  EXPECT_EQ(with_time("a/%Y%m%d-%H%M%S.csv.gz", kMorning), "a/20240229-020101.csv.gz");
  EXPECT_EQ(with_time("%s_%j_%%_%Y", kMorning), "1709172061_060_%_2024");
  EXPECT_EQ(with_time("plain.csv", kMorning), "plain.csv");
  EXPECT_EQ(with_time("%Y-%s", -1), "1969--1");
  EXPECT_EQ(with_time("%Y", std::numeric_limits<std::int64_t>::max()), "2262");
}

TEST(TimeName, RefusesOtherFieldsAndFolders) {
  for (const char* const path : {"%q.csv", "x%", "%%%", "a/%Y/x.csv", "%d/x.csv", "x% y.csv"})
    EXPECT_FALSE(check_time_fields(path)) << path;
  for (const char* const path : {"x.csv", "%%.csv", "100%%/x.csv", "%Y%m%d%H%M%S%j%s", "a.b/%Y.csv", "%%%Y"})
    EXPECT_TRUE(check_time_fields(path)) << path;
}

TEST(TimeName, PutsTheNumberBeforeTheEndings) {
  EXPECT_EQ(with_number("d.x/flows.csv.gz", 12), "d.x/flows-000012.csv.gz");
  EXPECT_EQ(with_number("flows.parquet", 1'234'567), "flows-1234567.parquet");
  EXPECT_EQ(with_number("a.b.csv", 1), "a.b-000001.csv");
  EXPECT_EQ(with_number("d.x/flows", 1), "d.x/flows-000001");
  EXPECT_EQ(with_number(".hidden", 1), ".hidden-000001");
  EXPECT_EQ(with_number("x.gz", 1), "x-000001.gz");
}

TEST(TimeName, KnowsItsOwnNames) {
  for (const char* const path : {"d/flows.csv.gz", "%Y%m%d-%H.csv", "f%s.jsonl", "100%%-%j", ".hidden"}) {
    const std::string named = with_time(path, kMorning);
    EXPECT_EQ(number_of_name(path, named.substr(named.rfind('/') + 1)), 0) << named;
    const std::string numbered = with_number(named, 7);
    EXPECT_EQ(number_of_name(path, numbered.substr(numbered.rfind('/') + 1)), 7) << numbered;
  }
  for (const char* const name :
       {"flows-1.csv", "flows-000001.csv.gz", "flows-00000a.csv", "flowsx000001.csv", "flow.csv", "flows.csv.part",
        "flows.csv.meta.json", "-000001.csv", "", "flows-000001-000002.csv"})
    EXPECT_EQ(number_of_name("flows.csv", name), std::nullopt) << name;
  for (const char* const name : {"2024022.csv", "202402291.csv", "2024022a.csv", "20240229-01.csv"})
    EXPECT_EQ(number_of_name("%Y%m%d.csv", name), std::nullopt) << name;
}

}  // namespace
}  // namespace flowgauge
