#include "core/monitor/stats_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace flowgauge {
namespace {

using namespace std::chrono_literals;
using Written = StatsFile::Written;
namespace fs = std::filesystem;

class StatsFileTest : public testing::Test {
 protected:
  StatsFileTest() {
    fs::create_directories(folder_);
    std::signal(SIGPIPE, SIG_IGN);
  }
  ~StatsFileTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge-stats-file-test-" + std::to_string(::getpid()));
};

TEST_F(StatsFileTest, LinesAreThereAtOnce) {
  auto file = StatsFile::open(path("s.jsonl"), false);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->write("{\"a\":1}\n", 0ms), Written::kYes);
  EXPECT_EQ(content(path("s.jsonl")), "{\"a\":1}\n");
  EXPECT_EQ(file->write("{\"a\":2}\n", 0ms), Written::kYes);
  EXPECT_EQ(content(path("s.jsonl")), "{\"a\":1}\n{\"a\":2}\n");
}

TEST_F(StatsFileTest, LinesOfEarlierRunsStay) {
  std::ofstream(path("s.jsonl")) << "{\"a\":1}\n{\"a\":2}\n{\"a\":";
  {
    auto file = StatsFile::open(path("s.jsonl"), false);
    ASSERT_TRUE(file);
    EXPECT_EQ(content(path("s.jsonl")), "{\"a\":1}\n{\"a\":2}\n");
  }
  auto file = StatsFile::open(path("s.jsonl"), false);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->write("{\"a\":3}\n", 0ms), Written::kYes);
  EXPECT_EQ(content(path("s.jsonl")), "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
}

TEST_F(StatsFileTest, WhatIsNoStatisticsIsReplacedOnlyByForce) {
  std::ofstream(path("s.jsonl")) << "old\n";
  const auto refused = StatsFile::open(path("s.jsonl"), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ExitCode::kOutput);
  EXPECT_EQ(refused.error().message,
            path("s.jsonl") + ": already exists and has no statistics; take another name, or replace it with --force");
  EXPECT_EQ(content(path("s.jsonl")), "old\n");
  auto file = StatsFile::open(path("s.jsonl"), true);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->write("new\n", 0ms), Written::kYes);
  EXPECT_EQ(content(path("s.jsonl")), "new\n");
}

TEST_F(StatsFileTest, WithoutALineNothingIsLeft) {
  { const auto file = StatsFile::open(path("s.jsonl"), false); }
  EXPECT_FALSE(fs::exists(path("s.jsonl")));
}

TEST_F(StatsFileTest, AFullDiskLeavesWholeLines) {
  auto file = StatsFile::open("/dev/full", false);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->write("{}\n", 0ms), Written::kFailed);
  ASSERT_TRUE(file->error());
  EXPECT_EQ(file->error()->message, "--stats: the pipe or device cannot be written any more: No space left on device");
  EXPECT_EQ(file->write("{}\n", 0ms), Written::kFailed);
}

class Pipe : public StatsFileTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    reader_ = ::open(path("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ASSERT_GE(reader_, 0);
  }
  void TearDown() override {
    if (reader_ >= 0) ::close(reader_);
  }
  std::string read_all() const {
    std::string text;
    std::array<char, 4096> part;
    for (ssize_t size = 0; (size = ::read(reader_, part.data(), part.size())) > 0;)
      text.append(part.data(), static_cast<std::size_t>(size));
    return text;
  }
  int reader_ = -1;
};

TEST_F(Pipe, ASlowReaderGetsWholeLinesAndNobodyWaitsForIt) {
  auto file = StatsFile::open(path("pipe"), false);
  ASSERT_TRUE(file);
  std::string expected;
  std::size_t left_out = 0;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    const std::string line = std::string(10'000, letter) + "\n";
    if (file->write(line, 0ms) == Written::kYes)
      expected += line;
    else
      ++left_out;
  }
  EXPECT_GT(left_out, 10U) << "a pipe holds 64 KiB";
  std::string read = read_all();
  EXPECT_EQ(file->write("last\n", 0ms), Written::kYes);
  EXPECT_EQ(file->finish(0ms), Written::kYes);
  EXPECT_EQ(read + read_all(), expected + "last\n");
}

TEST_F(Pipe, AReaderThatGoesAwayIsNoError) {
  auto file = StatsFile::open(path("pipe"), false);
  ASSERT_TRUE(file);
  ::close(std::exchange(reader_, -1));
  EXPECT_EQ(file->write("{}\n", 0ms), Written::kFailed);
  EXPECT_FALSE(file->error());
}

TEST_F(Pipe, WithoutAReaderItIsRefused) {
  ::close(std::exchange(reader_, -1));
  const auto refused = StatsFile::open(path("pipe"), false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, path("pipe") + ": is a pipe that nobody reads; begin to read it first");
}

}  // namespace
}  // namespace flowgauge
