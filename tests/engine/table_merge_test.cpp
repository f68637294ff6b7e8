// Merging tables by their order columns: the rows of one run, and sentences for what is no part of one.
#include "core/engine/table_merge.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/file_text.h"

namespace flowgauge::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHeader =
    "name,flow.release_frame,flow.release_cause,flow.release_deadline,flow.release_creation,note\n";

class TableMergeTest : public testing::Test {
 protected:
  TableMergeTest() { fs::create_directories(folder_); }
  ~TableMergeTest() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return path(name);
  }
  std::string table(const std::string& name, const std::string& rows) const { return write(name, kHeader + rows); }

  // The merged text, or the error's with the folder left out.
  std::string merge(TableMerge merge) const {
    merge.output = path("out.csv");
    merge.force = true;
    StopRequest stop;
    const auto rows = merge_tables(merge, stop);
    if (rows) return file_text(merge.output);
    std::string text = fmt::format("{} {}", static_cast<int>(rows.error().code), rows.error().message);
    for (std::size_t at = 0; (at = text.find(folder_.string() + "/")) != std::string::npos;)
      text.erase(at, folder_.string().size() + 1);
    return text;
  }
  std::string merge(const std::vector<std::string>& inputs) const { return merge(TableMerge{.inputs = inputs}); }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge-merge-test-" + std::to_string(::getpid()));
};

TEST_F(TableMergeTest, SortsByFrameCauseDeadlineAndCreation) {
  const std::string a = table("a",
                              "a1,2,sweep,10,0,x\n"
                              "a2,2,eviction,0,7,x\n"
                              "a3,10,sweep,-5,3,x\n"
                              "a4,,end_of_input,0,9,x\n");
  const std::string b = table("b",
                              "b1,2,sweep,9,1,x\n"
                              "b2,2,snapshot,0,8,x\n"
                              "b3,10,sweep,-5,2,x\n"
                              "b4,18446744073709551614,close,0,1,x\n"
                              "b5,,end_of_input,0,8,x\n");
  const std::string rows = "name,note\nb1,x\na1,x\nb2,x\na2,x\nb3,x\na3,x\nb4,x\nb5,x\na4,x\n";
  EXPECT_EQ(merge({a, b}), rows);
  EXPECT_EQ(merge({b, a}), rows);
  EXPECT_EQ(merge({b, table("c", ""), a}), rows);
}

TEST_F(TableMergeTest, KeepsEachByteOfTheOtherColumns) {
  const std::string a = table("a", "\"a,\"\"1\n\",1,sweep,0,0,\"\"\n,2,sweep,0,0,\"\n\"\n");
  EXPECT_EQ(merge({a}), "name,note\n\"a,\"\"1\n\",\"\"\n,\"\n\"\n");
  EXPECT_EQ(merge({.inputs = {a}, .columns = MergedColumns::kAll}), file_text(a));
}

TEST_F(TableMergeTest, OrderColumnsMayStandAnywhere) {
  const std::string header =
      "flow.release_creation,flow.release_deadline,a,flow.release_cause,b,c,flow.release_frame\n";
  const std::string a = write("a", header + "0,0,1,sweep,2,3,5\n");
  const std::string b = write("b", header + "1,0,4,sweep,5,6,4\n");
  EXPECT_EQ(merge({a, b}), "a,b,c\n4,5,6\n1,2,3\n");
}

TEST_F(TableMergeTest, RowsMayBeLongerThanTheBuffer) {
  const std::string longer(3'000'000, 'y');
  const std::string a = table("a", longer + ",1,sweep,0,0,x\n" + longer + ",3,sweep,0,0,x\n");
  const std::string b = table("b", "b,2,sweep,0,0,x\n");
  EXPECT_EQ(merge({a, b}), "name,note\n" + longer + ",x\nb,x\n" + longer + ",x\n");
}

TEST_F(TableMergeTest, SaysWhatIsWrong) {
  const std::string good = table("good", "a,1,sweep,0,0,x\n");
  EXPECT_EQ(merge({path("none")}), "3 none: cannot be read: No such file or directory");
  EXPECT_EQ(merge({write("empty", "")}), "3 empty: is empty; a table begins with its header");
  EXPECT_EQ(
      merge({write("plain", "name,note\na,x\n")}),
      "3 plain: has no column 'flow.release_frame', by which tables are merged; write it as CSV with a header and "
      "--order-columns");
  EXPECT_EQ(merge({good, write("other",
                               "name,flow.release_frame,flow.release_cause,flow.release_deadline,"
                               "flow.release_creation,\"re\nmark\"\n")}),
            "3 other: has other columns than good: column 6 is 're\\x0amark' here and 'note' there");
  EXPECT_EQ(merge({good, write("fewer",
                               "name,flow.release_frame,flow.release_cause,flow.release_deadline,"
                               "flow.release_creation\n")}),
            "3 fewer: has other columns than good: column 6 is missing here and 'note' there");
  const std::string in_part = "; out.csv.part has the 1 row before it";
  EXPECT_EQ(
      merge({table("back", "a,2,sweep,0,0,x\nb,1,sweep,0,1,x\n")}),
      "3 back: row 2 is out of order: by its order columns it does not come behind the row before it; merge tables "
      "as a run wrote them" +
          in_part);
  EXPECT_EQ(file_text(path("out.csv.part")), "name,note\na,x\n");
  EXPECT_EQ(merge({table("cut", "a,1,sweep,0,0,x\nb,2,swe")}),
            "3 cut: ends within row 2; is it the table of a run that did not end?" + in_part);
  EXPECT_EQ(merge({table("narrow", "a,1,sweep,0,0,x\nb,2,sweep,0,0\n")}),
            "3 narrow: row 2 has 5 cells, the header 6" + in_part);
  EXPECT_EQ(merge({table("word", "a,1,sweep,0,0,x\nb,2,swept,0,0,x\n")}),
            "3 word: row 2: 'swept' is no value of flow.release_cause" + in_part);
  EXPECT_EQ(merge({table("number", "a,1,sweep,0,0,x\nb,-2,sweep,0,0,x\n")}),
            "3 number: row 2: '-2' is no value of flow.release_frame" + in_part);
}

TEST_F(TableMergeTest, RefusesTheSameRowTwice) {
  const std::string a = table("a", "a,1,sweep,0,6,x\n");
  EXPECT_EQ(merge({a, table("b", "b,1,sweep,0,6,x\n")}),
            "3 a and b: both have a row of the flow that frame 6 began, at the same place; merge tables of different "
            "partitions of one capture; out.csv.part has the 0 rows before it");
}

TEST_F(TableMergeTest, RefusesToWriteOverAnInput) {
  const std::string a = table("out.csv", "a,1,sweep,0,6,x\n");
  EXPECT_EQ(merge({a}).substr(0, 60), "1 out.csv: the merged table out.csv would be written over th");
  EXPECT_EQ(file_text(a), kHeader + std::string("a,1,sweep,0,6,x\n"));
}

TEST_F(TableMergeTest, AnExistingFileIsKept) {
  const std::string a = table("a", "a,1,sweep,0,6,x\n");
  StopRequest stop;
  const auto refused = merge_tables({.inputs = {a}, .output = write("there", "old")}, stop);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kOutput);
  EXPECT_EQ(file_text(path("there")), "old");
}

TEST_F(TableMergeTest, AStopRequestKeepsWhatThereIs) {
  const std::string a = table("a", "a,1,sweep,0,6,x\n");
  StopRequest stop;
  stop.request();
  const auto stopped = merge_tables({.inputs = {a}, .output = path("out.csv")}, stop);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ExitCode::kInterrupted);
  EXPECT_EQ(file_text(path("out.csv.part")), "name,note\n");
}

}  // namespace
}  // namespace flowgauge::test
