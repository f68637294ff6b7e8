// Rows behind those of a file: what becomes of it, at whatever moment a run is killed.
#include "core/output/appended_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "core/output/column_names.h"
#include "core/output/writer.h"
#include "tests/support/file_text.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

class AppendedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "flowgauge_append_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static void create(const std::string& path, const std::string& bytes) { std::ofstream(path) << bytes; }
  [[nodiscard]] std::string rows() const { return test::file_text(path("rows.csv")); }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
  [[nodiscard]] static ino_t inode(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
  }

  static std::vector<OutputColumn> columns() {
    return {{"name", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}, {"n", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
  }
  Result<std::unique_ptr<Writer>> open(bool is_live = true) {
    return open_writer({.path = path("rows.csv"), .existing = ExistingFile::kAppend, .is_live = is_live}, columns());
  }
  void write(const std::string& row, bool is_live = true) {
    auto writer = open(is_live);
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write(row, 1));
    ASSERT_EQ((*writer)->finish(Finish::kComplete), SinkState::kOpen);
    EXPECT_EQ((*writer)->rows(), 1U);
    EXPECT_EQ((*writer)->location(), path("rows.csv"));
  }

  fs::path folder_;
};

TEST_F(AppendedFileTest, TheFileIsTheSameAndItsBytesStay) {
  create(path("rows.csv"), "name,n\n\"a\nb\",1\n");
  const ino_t before = inode(path("rows.csv"));
  write("c,2\n");
  EXPECT_EQ(rows(), "name,n\n\"a\nb\",1\nc,2\n");
  EXPECT_EQ(inode(path("rows.csv")), before);
  EXPECT_EQ(names(), std::vector<std::string>{"rows.csv"});
}

TEST_F(AppendedFileTest, WithoutAFileItIsATableOfItsOwn) {
  write("a,1\n");
  EXPECT_EQ(rows(), "name,n\na,1\n");
}

TEST_F(AppendedFileTest, AFileThatIsMovedAwayMeanwhileIsBegunAnew) {
  create(path("rows.csv"), "name,n\na,1\n");
  auto writer = open();
  ASSERT_TRUE((*writer)->write("b,2\n", 1));
  fs::rename(path("rows.csv"), path("old.csv"));
  ASSERT_TRUE((*writer)->finish(Finish::kComplete));
  EXPECT_EQ(rows(), "name,n\nb,2\n");
  EXPECT_EQ(test::file_text(path("old.csv")), "name,n\na,1\n");
}

TEST_F(AppendedFileTest, AFileThatIsAnotherMeanwhileIsLeftAlone) {
  create(path("rows.csv"), "name,n\na,1\n");
  auto writer = open();
  ASSERT_TRUE((*writer)->write("b,2\n", 1));
  create(path("rows.csv"), "name,m\n");
  const auto finished = (*writer)->finish(Finish::kComplete);
  ASSERT_FALSE(finished);
  EXPECT_EQ(
      finished.error().message,
      path("rows.csv") +
          ": cannot be appended to: its columns are others: column 2 is 'm' in the file and 'n' in this run; take "
          "another name, or replace it with --force; all rows are in " +
          path("rows.csv.part"));
  EXPECT_EQ(rows(), "name,m\n");
  EXPECT_EQ(test::file_text(path("rows.csv.part")), "name,n\nb,2\n");
}

// What a kill leaves at each step of the copy, and the next run.
TEST_F(AppendedFileTest, ACopyThatWasCutOffIsDoneAgain) {
  const std::string before = "name,n\na,1\n";
  for (const std::string copied : {"", "b", "b,2\n"}) {
    create(path("rows.csv"), before + copied);
    create(path("rows.csv.part"), "name,n\nb,2\n");
    create(path("rows.csv.joining"), fmt::format("{} 7 {}\n", before.size(), inode(path("rows.csv"))));
    write("c,3\n", false);
    EXPECT_EQ(rows(), before + "b,2\nc,3\n");
    EXPECT_EQ(names(), std::vector<std::string>{"rows.csv"});
  }
}

TEST_F(AppendedFileTest, ACopyThatWasDoneIsNotDoneAgain) {
  create(path("rows.csv"), "name,n\na,1\nb,2\n");
  create(path("rows.csv.joining"), fmt::format("11 7 {}\n", inode(path("rows.csv"))));
  write("c,3\n");
  EXPECT_EQ(rows(), "name,n\na,1\nb,2\nc,3\n");
  EXPECT_EQ(names(), std::vector<std::string>{"rows.csv"});
}

TEST_F(AppendedFileTest, ANoteThatWasNotWrittenToItsEndMeansNothing) {
  create(path("rows.csv"), "name,n\na,1\n");
  create(path("rows.csv.part"), "name,n\nb,2\n");
  for (const std::string note : {"", "11 7"}) {
    create(path("rows.csv.joining"), note);
    const auto writer = open(false);
    ASSERT_TRUE(writer);
    EXPECT_EQ(rows(), "name,n\na,1\n");
  }
}

TEST_F(AppendedFileTest, ANoteOfAnotherFileCutsNothing) {
  create(path("rows.csv"), "name,n\na,1\nb,2\n");
  create(path("rows.csv.joining"), fmt::format("11 7 {}\n", inode(path("rows.csv")) + 1));
  create(path("rows.csv.part"), "name,n\nc,3\n");
  write("d,4\n", false);
  EXPECT_EQ(rows(), "name,n\na,1\nb,2\nd,4\n");
  EXPECT_EQ(test::file_text(path("rows.csv.part.1")), "name,n\nc,3\n");
}

TEST_F(AppendedFileTest, WholeRowsOfADeadLiveRunAreAdded) {
  create(path("rows.csv"), "name,n\na,1\n");
  create(path("rows.csv.part"), "name,n\n\"b\n\",2\nc,3\nd,");
  write("e,5\n");
  EXPECT_EQ(rows(), "name,n\na,1\n\"b\n\",2\nc,3\ne,5\n");
  EXPECT_EQ(names(), std::vector<std::string>{"rows.csv"});
}

TEST_F(AppendedFileTest, TheyAreTheFirstIfThereIsNoFile) {
  create(path("rows.csv.part"), "name,n\nb,2\nc");
  write("d,4\n");
  EXPECT_EQ(rows(), "name,n\nb,2\nd,4\n");
}

TEST_F(AppendedFileTest, OfCapturesTheyAreKeptAside) {
  create(path("rows.csv.part"), "name,n\nb,2\n");
  write("d,4\n", false);
  EXPECT_EQ(rows(), "name,n\nd,4\n");
  EXPECT_EQ(test::file_text(path("rows.csv.part.1")), "name,n\nb,2\n");
}

TEST_F(AppendedFileTest, SoAreThoseWithOtherColumns) {
  create(path("rows.csv"), "name,n\na,1\n");
  create(path("rows.csv.part"), "name,m\nb,2\n");
  write("d,4\n");
  EXPECT_EQ(rows(), "name,n\na,1\nd,4\n");
  EXPECT_EQ(test::file_text(path("rows.csv.part.1")), "name,m\nb,2\n");
}

// The same columns, in other bytes.
TEST_F(AppendedFileTest, TheHeaderOfLeftRowsIsLeftOutAsItStandsThere) {
  create(path("rows.csv"), "name,n\na,1\n");
  create(path("rows.csv.part"), "\"name\",n\nb,2\n");
  write("c,3\n");
  EXPECT_EQ(rows(), "name,n\na,1\nb,2\nc,3\n");
}

TEST_F(AppendedFileTest, AHeaderThatIsCutWithinAQuotedCellHasOtherColumns) {
  create(path("rows.csv"), "name,n\na,1\n");
  create(path("rows.csv.part"), "name,\"n\nb,2\n");
  write("c,3\n");
  EXPECT_EQ(rows(), "name,n\na,1\nc,3\n");
  EXPECT_EQ(test::file_text(path("rows.csv.part.1")), "name,\"n\nb,2\n");
}

TEST_F(AppendedFileTest, AFullDiskLeavesBoth) {
  create(path("rows.csv"), "name,n\na,1\n");
  fs::permissions(folder_, fs::perms::owner_all);
  create(path("part"), "name,n\nb,2\n");
  const auto joined = join_part(path("part"), "/dev/full", 7);
  ASSERT_FALSE(joined);
  EXPECT_EQ(test::file_text(path("part")), "name,n\nb,2\n");
}

TEST(ColumnNames, TheFirstDifferenceIsNamed) {
  const auto csv = [](std::string_view there, std::string_view here) {
    return different_column(TableFormat::kCsv, there, here).value_or("");
  };
  EXPECT_EQ(csv("a,\"b,c\"\n", "a,\"b,c\"\n"), "");
  EXPECT_EQ(csv("a,b\n", "a,c\n"), "column 2 is 'b' in the file and 'c' in this run");
  EXPECT_EQ(csv("a,b\n", "a\n"), "column 2 is 'b' in the file and missing in this run");
  const auto json = [](std::string_view there, std::string_view here) {
    return different_column(TableFormat::kJsonLines, there, here).value_or("");
  };
  EXPECT_EQ(json(R"({"a":"x\"y","b":[{"q":1},":"],"c":{"z":2}})", R"({"a":0,"b":0,"c":0})"), "");
  EXPECT_EQ(json(R"({"a":1,"x":2})", R"({"a":0,"b":0})"), "column 2 is 'x' in the file and 'b' in this run");
}

}  // namespace
}  // namespace flowgauge
