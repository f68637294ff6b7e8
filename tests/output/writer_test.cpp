// Files appear whole or not at all, nothing is replaced unasked, and every failure has its sentence.
#include "core/output/writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "core/base/handle.h"
#include "core/output/destination.h"
#include "core/output/table_layout.h"
#include "tests/support/file_text.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;

std::string gunzip(const std::string& path) {
  std::string out;
  gzFile file = gzopen(path.c_str(), "rb");
  char piece[1000];
  for (int count = 0; (count = gzread(file, piece, sizeof piece)) > 0;)
    out.append(piece, static_cast<std::size_t>(count));
  gzclose(file);
  return out;
}

std::string unzstd(const std::string& bytes) {
  ZSTD_DCtx* const context = ZSTD_createDCtx();
  std::string out;
  ZSTD_inBuffer source{bytes.data(), bytes.size(), 0};
  while (source.pos < source.size) {
    char piece[1000];
    ZSTD_outBuffer target{piece, sizeof piece, 0};
    const std::size_t status = ZSTD_decompressStream(context, &target, &source);
    if (ZSTD_isError(status) != 0) return ZSTD_getErrorName(status);
    out.append(piece, target.pos);
    if (target.pos == 0 && source.pos == source.size) break;
  }
  // What the decoder still holds.
  for (bool more = true; more;) {
    char piece[1000];
    ZSTD_outBuffer target{piece, sizeof piece, 0};
    ZSTD_decompressStream(context, &target, &source);
    out.append(piece, target.pos);
    more = target.pos == sizeof piece;
  }
  ZSTD_freeDCtx(context);
  return out;
}

class WriterTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "flowgauge_writer_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static void create(const std::string& path, const std::string& bytes) { std::ofstream(path) << bytes; }

  static std::vector<OutputColumn> columns() {
    return {{"name", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}, {"n", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
  }
  static std::string refusal(const WriterOptions& options) {
    const auto writer = open_writer(options, columns());
    if (writer) return "";
    EXPECT_EQ(writer.error().code, ExitCode::kOutput);
    return writer.error().message;
  }

  fs::path folder_;
};

TEST_F(WriterTest, AFileGetsItsNameAtTheEnd) {
  const std::string target = path("rows.csv");
  auto writer = open_writer({.path = target}, columns());
  ASSERT_TRUE(writer);
  EXPECT_EQ((*writer)->location(), target + ".part");
  EXPECT_EQ((*writer)->write("a,1\n", 1), SinkState::kOpen);
  EXPECT_FALSE(fs::exists(target));
  EXPECT_TRUE(fs::exists(target + ".part"));
  EXPECT_EQ((*writer)->finish(Finish::kComplete), SinkState::kOpen);
  EXPECT_EQ((*writer)->location(), target);
  EXPECT_EQ(test::file_text(target), "name,n\na,1\n");
  EXPECT_FALSE(fs::exists(target + ".part"));
}

TEST_F(WriterTest, APartialFileStays) {
  const std::string target = path("rows.csv");
  auto writer = open_writer({.path = target}, columns());
  ASSERT_TRUE((*writer)->write("a,1\n", 1));
  ASSERT_TRUE((*writer)->finish(Finish::kKeepPartial));
  EXPECT_EQ((*writer)->location(), target + ".part");
  EXPECT_FALSE(fs::exists(target));
  EXPECT_EQ(test::file_text(target + ".part"), "name,n\na,1\n");
}

TEST_F(WriterTest, NoHeader) {
  for (const TableFormat format : {TableFormat::kCsv, TableFormat::kJsonLines}) {
    auto writer = open_writer(
        {.path = path("rows"), .format = format, .header = false, .existing = ExistingFile::kReplace}, columns());
    ASSERT_TRUE((*writer)->finish(Finish::kComplete));
    EXPECT_EQ(test::file_text(path("rows")), "");
  }
}

TEST_F(WriterTest, AnExistingFileIsRefusedWithoutForce) {
  const std::string target = path("rows.csv");
  create(target, "old\n");
  EXPECT_EQ(refusal({.path = target}), target + ": already exists; take another name, or replace it with --force");
  EXPECT_EQ(test::file_text(target), "old\n");
  EXPECT_FALSE(fs::exists(target + ".part"));

  auto writer = open_writer({.path = target, .existing = ExistingFile::kReplace}, columns());
  ASSERT_TRUE(writer);
  EXPECT_EQ(test::file_text(target), "old\n");  // until the new one is whole
  ASSERT_TRUE((*writer)->finish(Finish::kComplete));
  EXPECT_EQ(test::file_text(target), "name,n\n");
}

TEST_F(WriterTest, ALinkToNowhereIsAFileToo) {
  fs::create_symlink(path("nowhere"), path("rows.csv"));
  EXPECT_EQ(refusal({.path = path("rows.csv")}),
            path("rows.csv") + ": already exists; take another name, or replace it with --force");
}

TEST_F(WriterTest, RowsOfAnEarlierRunAreNotLost) {
  const std::string target = path("rows.csv");
  create(target + ".part", "kept\n");
  for (const bool force : {false, true}) {
    const auto other = open_writer({.path = target}, columns());
    ASSERT_TRUE(other);
    EXPECT_EQ(refusal({.path = target, .existing = replaced_if(force)}),
              target + ".part: is being written by a run that goes on; end that run, or take another name");
  }
  EXPECT_EQ(test::file_text(target + ".part.1"), "kept\n");
  EXPECT_EQ(test::file_text(target + ".part.2"), "");
  auto writer = open_writer({.path = target, .existing = ExistingFile::kReplace}, columns());
  ASSERT_TRUE((*writer)->finish(Finish::kComplete));
  EXPECT_EQ(test::file_text(target), "name,n\n");
}

TEST_F(WriterTest, AFileThatCameUpMeanwhileIsNotReplaced) {
  const std::string target = path("rows.csv");
  auto writer = open_writer({.path = target}, columns());
  create(target, "other\n");
  const auto finished = (*writer)->finish(Finish::kComplete);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().message,
            target + ".part: cannot get its name " + target + ": File exists; all rows are in " + target + ".part");
  EXPECT_EQ(test::file_text(target), "other\n");
  EXPECT_EQ(test::file_text(target + ".part"), "name,n\n");
}

TEST_F(WriterTest, FoldersAndMissingFolders) {
  EXPECT_EQ(refusal({.path = folder_.string()}), folder_.string() + ": is a folder; name a file in it");
  const std::string target = path("no/rows.csv");
  EXPECT_EQ(refusal({.path = target}), target +
                                           ".part: cannot be created: No such file or directory; check the folder "
                                           "and its permissions");
}

TEST_F(WriterTest, AFullDisk) {
  auto writer = open_writer({.path = "/dev/full"}, columns());
  ASSERT_TRUE(writer);
  EXPECT_EQ((*writer)->location(), "/dev/full");
  const std::string many(kOutputBufferBytes, 'x');
  const auto written = (*writer)->write(many, 1);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ExitCode::kOutput);
  EXPECT_EQ(written.error().message,
            "/dev/full: cannot be written: No space left on device; make room, or write elsewhere, and run again");
  EXPECT_TRUE((*writer)->finish(Finish::kKeepPartial));  // it was said once
  EXPECT_FALSE(fs::exists("/dev/full.part"));
}

TEST_F(WriterTest, AFullDiskThatShowsAtTheEnd) {
  auto writer = open_writer({.path = "/dev/full"}, columns());
  ASSERT_TRUE((*writer)->write("a,1\n", 1));
  EXPECT_FALSE((*writer)->flush(FlushReach::kAll));
  auto other = open_writer({.path = "/dev/full"}, columns());
  EXPECT_FALSE((*other)->finish(Finish::kComplete));
}

// A file that cannot grow beyond a limit is a disk of that size.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : previous_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, previous_);
  }

 private:
  rlimit old_{};
  void (*previous_)(int);
};

std::string too_large(const std::string& target, const std::string& kept) {
  return target +
         ".part: cannot be written: File too large; make room, or write elsewhere, and run again; the file keeps " +
         kept;
}

TEST_F(WriterTest, WhatIsKeptOfAFileAreWholeRowsAndTheyAreCounted) {
  struct Case {
    const char* name;
    rlim_t limit;
    bool header;
    const char* rows;
    const char* kept;
    std::uint64_t count;
    const char* said;
  };
  for (const Case& one : {
           Case{"at_a_row", 14, false, "aaaa,1\nbbbb,2\ncccc,3\n", "aaaa,1\nbbbb,2\n", 2, "2 rows"},
           Case{"in_a_row", 17, false, "aaaa,1\nbbbb,2\ncccc,3\n", "aaaa,1\nbbbb,2\n", 2, "2 rows"},
           Case{"in_the_first", 3, false, "aaaa,1\nbbbb,2\n", "", 0, "0 rows"},
           Case{"with_header", 16, true, "aaaa,1\nbbbb,2\n", "name,n\naaaa,1\n", 1, "1 row"},
           Case{"in_the_header", 3, true, "aaaa,1\nbbbb,2\n", "", 0, "0 rows"},
           Case{"line_end_in_a_cell", 20, false, "a,1\n\"b\nc\nd\"\"\n\",2\ne,3\n", "a,1\n\"b\nc\nd\"\"\n\",2\n", 2,
                "2 rows"},
           Case{"in_a_cell_with_line_ends", 8, false, "a,1\n\"b\nc\nd\",2\n", "a,1\n", 1, "1 row"},
       }) {
    const std::string target = path(one.name);
    auto writer = open_writer({.path = target, .header = one.header}, columns());
    ASSERT_TRUE((*writer)->write(one.rows, 3));
    Result<SinkState> flushed = SinkState::kOpen;
    {
      const SmallDisk disk(one.limit);
      flushed = (*writer)->flush(FlushReach::kAll);
    }
    ASSERT_FALSE(flushed) << one.name;
    EXPECT_EQ(flushed.error().message, too_large(target, one.said));
    EXPECT_TRUE((*writer)->finish(Finish::kComplete));
    EXPECT_FALSE(fs::exists(target));
    EXPECT_EQ(test::file_text(target + ".part"), one.kept) << one.name;
    EXPECT_EQ((*writer)->rows(), one.count) << one.name;
  }
}

TEST_F(WriterTest, ManyRowsAtOnceAreWrittenBehindThoseBeforeAndCountedAlike) {
  constexpr std::uint64_t kRows = 20'000;
  constexpr rlim_t kFits = 7 + 3 * (4 + 4 * kRows);  // the header, and three times one row and many
  std::string many;
  for (std::uint64_t row = 0; row < kRows; ++row) many += "m,0\n";
  const std::string target = path("rows.csv");
  auto writer = open_writer({.path = target}, columns());
  const auto write_both = [&] {
    auto written = (*writer)->write("a,1\n", 1);
    if (written) written = (*writer)->flush(FlushReach::kAll);
    return written ? (*writer)->write(many, kRows) : written;
  };
  ASSERT_TRUE(write_both());
  EXPECT_EQ((*writer)->rows(), 1 + kRows) << "what is many is not kept waiting";
  ASSERT_TRUE(write_both());
  ASSERT_TRUE((*writer)->write("z,9\n", 1));
  ASSERT_TRUE((*writer)->write(many, kRows));
  Result<SinkState> written = SinkState::kOpen;
  {
    const SmallDisk disk(kFits + 6);
    written = (*writer)->flush(FlushReach::kAll);
    if (written) written = (*writer)->write(many, kRows);
  }
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, too_large(target, "60,004 rows"));
  EXPECT_EQ(test::file_text(target + ".part"), "name,n\na,1\n" + many + "a,1\n" + many + "z,9\n" + many + "m,0\n");
}

TEST_F(WriterTest, CompressedRowsAreCertainUpToTheLastFlush) {
  for (const std::string end : {".gz", ".zst"}) {
    const std::string target = path("rows" + end);
    auto writer = open_writer({.path = target}, columns());
    ASSERT_TRUE((*writer)->write("a,1\nb,2\n", 2));
    EXPECT_EQ((*writer)->rows(), 0U);
    ASSERT_TRUE((*writer)->flush(FlushReach::kAll));
    EXPECT_EQ((*writer)->rows(), 2U);
    ASSERT_TRUE((*writer)->write("c,3\n", 1));
    Result<SinkState> finished = SinkState::kOpen;
    {
      const SmallDisk disk(fs::file_size(target + ".part"));
      finished = (*writer)->finish(Finish::kComplete);
    }
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().message, too_large(target, "2 rows for certain; unpack it to see whether it has more"));
    EXPECT_EQ((*writer)->rows(), 2U);
    EXPECT_EQ(end == ".gz" ? gunzip(target + ".part") : unzstd(test::file_text(target + ".part")),
              "name,n\na,1\nb,2\n");
  }
}

TEST_F(WriterTest, RowsAreCountedWhereTheyBelong) {
  for (const char* const name : {"rows.csv", "rows.csv.gz", "rows.csv.zst"}) {
    auto writer = open_writer({.path = path(name)}, columns());
    ASSERT_TRUE((*writer)->write("a,1\nb,2\n", 2));
    EXPECT_EQ((*writer)->rows(), 0U);
    ASSERT_TRUE((*writer)->finish(Finish::kComplete));
    EXPECT_EQ((*writer)->rows(), 2U);
  }
  for (const bool header : {true, false}) {
    auto writer = open_writer(
        {.path = path("rows.txt"), .format = TableFormat::kPrint, .header = header, .existing = ExistingFile::kReplace},
        columns());
    ASSERT_TRUE(
        (*writer)->write("a\x1f"
                         "1\nb\x1f"
                         "2\n",
                         2));
    ASSERT_TRUE((*writer)->finish(Finish::kComplete));
    EXPECT_EQ((*writer)->rows(), 2U);
  }
}

// Standard output is replaced for the time of a test.
class StandardOutput {
 public:
  explicit StandardOutput(int replacement) : kept_(::dup(STDOUT_FILENO)) { ::dup2(replacement, STDOUT_FILENO); }
  ~StandardOutput() { ::dup2(kept_.get(), STDOUT_FILENO); }

 private:
  FileDescriptor kept_;
};

TEST_F(WriterTest, StandardOutput) {
  const FileDescriptor file(::open(path("out").c_str(), O_RDWR | O_CREAT, 0600));
  for (const char* name : {"-", ""}) {
    const StandardOutput redirected(file.get());
    auto writer = open_writer({.path = name}, columns());
    EXPECT_EQ((*writer)->location(), "standard output");
    EXPECT_TRUE((*writer)->write("a,1\n", 1));
    EXPECT_TRUE((*writer)->finish(Finish::kComplete));
    EXPECT_EQ(::fcntl(STDOUT_FILENO, F_GETFD), 0);  // still open
  }
  EXPECT_EQ(test::file_text(path("out")), "name,n\na,1\nname,n\na,1\n");
}

TEST_F(WriterTest, AClosedPipeIsNoError) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::signal(SIGPIPE, SIG_IGN);  // as the program does
  FileDescriptor read_end(ends[0]);
  FileDescriptor write_end(ends[1]);
  const StandardOutput redirected(write_end.get());
  auto writer = open_writer({.path = "-"}, columns());
  EXPECT_EQ((*writer)->flush(FlushReach::kAll), SinkState::kOpen);
  read_end = FileDescriptor();
  EXPECT_EQ((*writer)->write("a,1\n", 1), SinkState::kOpen);  // in the buffer
  EXPECT_EQ((*writer)->flush(FlushReach::kAll), SinkState::kClosed);
  EXPECT_EQ((*writer)->write(std::string(2 * kOutputBufferBytes, 'x'), 1), SinkState::kClosed);
  EXPECT_EQ((*writer)->finish(Finish::kComplete), SinkState::kClosed);
}

TEST_F(WriterTest, ANamedPipeIsWrittenAsItIs) {
  const std::string name = path("pipe");
  ASSERT_EQ(::mkfifo(name.c_str(), 0600), 0);
  std::signal(SIGPIPE, SIG_IGN);
  const FileDescriptor reader(::open(name.c_str(), O_RDONLY | O_NONBLOCK));
  auto writer = open_writer({.path = name}, columns());
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->finish(Finish::kComplete));
  char bytes[16] = {};
  EXPECT_EQ(::read(reader.get(), bytes, sizeof bytes), 7);
  EXPECT_STREQ(bytes, "name,n\n");
  EXPECT_FALSE(fs::exists(name + ".part"));
}

// ---------------------------------------------------------------- compression

// Several megabytes that compress badly.
std::vector<std::string> many_rows() {
  std::mt19937_64 random(7);
  std::vector<std::string> blocks;
  for (int block = 0; block < 40; ++block) {
    std::string rows;
    for (int row = 0; row < 3000; ++row) rows += std::to_string(random()) + "," + std::to_string(random()) + "\n";
    blocks.push_back(rows);
  }
  return blocks;
}

TEST_F(WriterTest, CompressedFilesReadBack) {
  const auto blocks = many_rows();
  std::string expected = "name,n\n";
  for (const std::string& block : blocks) expected += block;
  for (const std::string end : {".csv", ".csv.gz", ".csv.zst"}) {
    std::string first;
    for (const char* name : {"a", "b"}) {
      const std::string target = path(name + end);
      auto writer = open_writer({.path = target}, columns());
      for (const std::string& block : blocks) ASSERT_TRUE((*writer)->write(block, 3000));
      ASSERT_TRUE((*writer)->finish(Finish::kComplete));
      const std::string bytes = test::file_text(target);
      EXPECT_TRUE((end == ".csv" ? bytes : end == ".csv.gz" ? gunzip(target) : unzstd(bytes)) == expected) << end;
      EXPECT_TRUE(first.empty() || bytes == first) << end << ": two runs, two files";
      first = bytes;
    }
  }
}

TEST_F(WriterTest, AnEmptyCompressedFileIsOne) {
  for (const std::string end : {".gz", ".zst"}) {
    const std::string target = path("rows" + end);
    auto writer = open_writer({.path = target, .header = false}, columns());
    ASSERT_TRUE((*writer)->finish(Finish::kComplete));
    EXPECT_GT(test::file_text(target).size(), 0U);
    EXPECT_EQ(end == ".gz" ? gunzip(target) : unzstd(test::file_text(target)), "");
  }
}

// A run that does not begin after all leaves nothing behind, whatever was there before stays.
TEST_F(WriterTest, ADiscardedTableWasNeverThere) {
  for (const std::string end : {".csv", ".csv.gz", ".csv.zst"}) {
    const std::string target = path("rows" + end);
    std::ofstream(target) << "older";
    auto writer = open_writer({.path = target, .existing = ExistingFile::kReplace}, columns());
    ASSERT_TRUE(writer);
    ASSERT_TRUE((*writer)->write("a,1\n", 1));
    ASSERT_TRUE((*writer)->finish(Finish::kDiscard));
    EXPECT_FALSE(std::filesystem::exists(target + ".part"));
    EXPECT_EQ(test::file_text(target), "older");
  }
}

// For live runs: after a flush the rows so far can be read, though the file is not finished.
TEST_F(WriterTest, FlushedRowsCanBeRead) {
  for (const std::string end : {".csv", ".csv.gz", ".csv.zst"}) {
    const std::string target = path("rows" + end);
    auto writer = open_writer({.path = target}, columns());
    ASSERT_TRUE((*writer)->write("a,1\n", 1));
    ASSERT_TRUE((*writer)->flush(FlushReach::kAll));
    const std::string part = target + ".part";
    EXPECT_EQ(end == ".csv"      ? test::file_text(part)
              : end == ".csv.gz" ? gunzip(part)
                                 : unzstd(test::file_text(part)),
              "name,n\na,1\n")
        << end;
    ASSERT_TRUE((*writer)->write("b,2\n", 1));
    ASSERT_TRUE((*writer)->finish(Finish::kKeepPartial));
    EXPECT_EQ(end == ".csv"      ? test::file_text(part)
              : end == ".csv.gz" ? gunzip(part)
                                 : unzstd(test::file_text(part)),
              "name,n\na,1\nb,2\n")
        << end;
  }
}

// ---------------------------------------------------------------- tables

std::string laid_out(const std::vector<std::string>& parts, bool header = true) {
  const std::vector<OutputColumn> columns = {{"name", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING},
                                             {"count", FG_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
                                             {"text", FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
  TableLayout layout(columns, header);
  std::string out;
  for (const std::string& part : parts) layout.add(part, out);
  layout.flush(out);
  return out;
}

TEST(TableLayout, ColumnsAreAligned) {
  EXPECT_EQ(laid_out({"a\x1f"
                      "1\x1fx\n",
                      "longer\x1f"
                      "123456\x1f\n\x1f\x1fzz\n"}),
            "name     count  text\n"
            "a            1  x\n"
            "longer  123456  \n"
            "                zz\n");
  EXPECT_EQ(laid_out({}), "name  count  text\n");
  EXPECT_EQ(laid_out({"a\x1f"
                      "1\x1fx\n"},
                     false),
            "a  1  x\n");
  EXPECT_EQ(laid_out({}, false), "");
}

TEST(TableLayout, WidthsAreCountedInCharacters) {
  EXPECT_EQ(laid_out({"\xc3\xa9\xc3\xa9\x1f"
                      "1\x1fx\nabc\x1f"
                      "2\x1fy\n"},
                     false),
            "\xc3\xa9\xc3\xa9   1  x\n"
            "abc  2  y\n");
}

TEST(TableLayout, TheFirstRowsDecideAndNothingIsCut) {
  std::string rows;
  for (std::size_t i = 0; i < kRowsThatDecide; ++i)
    rows +=
        "ab\x1f"
        "1\x1fx\n";
  std::string expected;
  for (std::size_t i = 0; i < kRowsThatDecide; ++i) expected += "ab  1  x\n";
  const std::string late =
      "abcdef\x1f"
      "22\x1fy\na\x1f"
      "3\x1fz\n";
  EXPECT_EQ(laid_out({rows, late}, false), expected + "abcdef  22  y\na   3  z\n");
}

// For captures that come through pipes: when rows came changes no byte of a table.
TEST_F(WriterTest, AFlushOfWhatIsDecidedChangesNoBytes) {
  for (const auto& [file, kind] : {std::pair{"rows.csv", TableFormat::kCsv},
                                   {"rows.jsonl", TableFormat::kJsonLines},
                                   {"rows.csv.gz", TableFormat::kCsv},
                                   {"rows.csv.zst", TableFormat::kCsv},
                                   {"rows.txt", TableFormat::kPrint}}) {
    const auto bytes_of = [&, name = std::string(file), format = kind](bool flushed) {
      auto writer = open_writer({.path = path(name), .format = format, .existing = ExistingFile::kReplace}, columns());
      for (const char* row : {"a\x1f"
                              "1\n",
                              "bbbb\x1f"
                              "22\n",
                              "c\x1f"
                              "333\n"}) {
        EXPECT_TRUE((*writer)->write(row, 1));
        if (flushed) {
          EXPECT_EQ((*writer)->flush(FlushReach::kSameBytes), SinkState::kOpen);
        }
      }
      EXPECT_TRUE((*writer)->finish(Finish::kComplete));
      EXPECT_EQ((*writer)->rows(), 3U) << name;
      return test::file_text(path(name));
    };
    EXPECT_EQ(bytes_of(true), bytes_of(false)) << file;
  }
  auto writer = open_writer({.path = path("seen.csv")}, columns());
  ASSERT_TRUE((*writer)->write("a,1\n", 1));
  ASSERT_TRUE((*writer)->flush(FlushReach::kSameBytes));
  EXPECT_EQ(test::file_text(path("seen.csv.part")), "name,n\na,1\n");
  ASSERT_TRUE((*writer)->finish(Finish::kDiscard));
}

TEST_F(WriterTest, ATableInAFile) {
  auto writer = open_writer({.path = path("rows.txt"), .format = TableFormat::kPrint}, columns());
  ASSERT_TRUE(
      (*writer)->write("a\x1f"
                       "10\n",
                       1));
  ASSERT_TRUE((*writer)->finish(Finish::kComplete));
  EXPECT_EQ(test::file_text(path("rows.txt")), "name   n\na     10\n");
}

}  // namespace
}  // namespace flowgauge
