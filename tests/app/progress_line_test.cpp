// The line of a run over capture files on a terminal.
#include "core/app/progress_line.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Row {
  const char* name;
  std::uint64_t bytes_read;
  std::uint64_t bytes_total;
  std::uint64_t frames;
  std::chrono::nanoseconds elapsed;
  const char* text;
};

constexpr std::uint64_t kMib = 1024 * 1024;

const Row kRows[] = {
    {"halfway", 50 * kMib, 100 * kMib, 2'000'000, seconds(4),
     "50.0 MiB of 100.0 MiB (50 %), 500,000 packets/s, 0:04 left"},
    {"start", 0, 100 * kMib, 0, seconds(0), "0 B of 100.0 MiB (0 %)"},
    {"nothing_read", 0, 100 * kMib, 0, seconds(1), "0 B of 100.0 MiB (0 %), 0 packets/s"},
    {"never_100_before_the_end", 999, 1000, 9, seconds(3), "999 B of 1000 B (99 %), 3 packets/s, 0:00 left"},
    {"end", 1000, 1000, 10, seconds(2), "1000 B of 1000 B (100 %), 5 packets/s, 0:00 left"},
    {"grown_file", 2000, 1000, 10, seconds(2), "1000 B of 1000 B (100 %), 5 packets/s, 0:00 left"},
    {"standard_input", 2048, 0, 100, milliseconds(500), "2.0 KiB, 200 packets/s"},
    {"hours", 1, 10'000, 1, seconds(1), "1 B of 9.8 KiB (0 %), 1 packets/s, 2:46:39 left"},
};

class ProgressLine : public testing::TestWithParam<Row> {};
TEST_P(ProgressLine, IsAsWritten) {
  const Row& row = GetParam();
  RunStatus status;
  status.files = SourceProgress{.bytes_read = row.bytes_read, .bytes_total = row.bytes_total};
  status.ledger.frames_read = row.frames;
  status.elapsed = row.elapsed;
  EXPECT_EQ(progress_line(status), row.text);
}
INSTANTIATE_TEST_SUITE_P(Table, ProgressLine, testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace flowgauge
