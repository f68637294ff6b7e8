#include "core/app/progress_line.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Row {
  const char* name;
  ProgressSample sample;
  const char* text;
};

constexpr std::uint64_t kMib = 1024 * 1024;

const Row kRows[] = {
    {"halfway",
     {{50 * kMib, 100 * kMib}, 2'000'000, seconds(4)},
     "50.0 MiB of 100.0 MiB (50 %), 500,000 packets/s, 0:04 left"},
    {"start", {{0, 100 * kMib}, 0, seconds(0)}, "0 B of 100.0 MiB (0 %)"},
    {"nothing_read", {{0, 100 * kMib}, 0, seconds(1)}, "0 B of 100.0 MiB (0 %), 0 packets/s"},
    {"never_100_before_the_end", {{999, 1000}, 9, seconds(3)}, "999 B of 1000 B (99 %), 3 packets/s, 0:00 left"},
    {"end", {{1000, 1000}, 10, seconds(2)}, "1000 B of 1000 B (100 %), 5 packets/s, 0:00 left"},
    {"grown_file", {{2000, 1000}, 10, seconds(2)}, "1000 B of 1000 B (100 %), 5 packets/s, 0:00 left"},
    {"standard_input", {{2048, 0}, 100, milliseconds(500)}, "2.0 KiB, 200 packets/s"},
    {"hours", {{1, 10'000}, 1, seconds(1)}, "1 B of 9.8 KiB (0 %), 1 packets/s, 2:46:39 left"},
};

class ProgressText : public testing::TestWithParam<Row> {};
TEST_P(ProgressText, IsAsWritten) { EXPECT_EQ(progress_text(GetParam().sample), GetParam().text); }
INSTANTIATE_TEST_SUITE_P(Table, ProgressText, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

using FileHandle = std::unique_ptr<std::FILE, Closer<std::fclose>>;

TEST(ProgressLine, WritesNothingWhereNobodyLooks) {
  const FileHandle file(std::tmpfile());
  ASSERT_TRUE(file);
  {
    ProgressLine line(file.get());
    EXPECT_FALSE(line.active());
    line.show(kRows[0].sample);
  }
  EXPECT_EQ(std::ftell(file.get()), 0);
}

}  // namespace
}  // namespace flowgauge
