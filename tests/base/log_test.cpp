#include "core/base/log.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/collected_log.h"

namespace flowgauge {
namespace {

TEST(LogTest, MessagesGoToTheLogOfTheirThread) {
  CollectedLog outer;
  CollectedLog inner;
  CollectedLog other;
  EXPECT_EQ(bound_log(), nullptr);
  log_error("nobody hears this");
  {
    const LogScope scope(&outer);
    log_info("{} flows", 3);
    {
      const LogScope within(&inner);
      log_warning("no {{braces}} lost");
      const LogScope silent(nullptr);
      log_error("nor this");
    }
    std::jthread([&] {
      log_error("nor this: a thread begins without a log");
      const LogScope theirs(&other);
      log_text(LogLevel::kError, "100 {} %v");
    }).join();
    EXPECT_EQ(bound_log(), &outer);
    log_debug("below its level");
    log_info("again");
  }
  EXPECT_EQ(bound_log(), nullptr);
  EXPECT_EQ(outer.lines(), "info: 3 flows\ninfo: again\n");
  EXPECT_EQ(inner.lines(), "warning: no {braces} lost\n");
  EXPECT_EQ(other.lines(), "error: 100 {} %v\n");
}

TEST(LogTest, TheLogDecidesWhatIsEnabled) {
  EXPECT_FALSE(log_enabled(LogLevel::kError));
  CollectedLog log(LogLevel::kTrace);
  const LogScope scope(&log);
  EXPECT_TRUE(log_enabled(LogLevel::kTrace));
  EXPECT_FALSE(log_enabled(LogLevel::kOff));
  log_text(LogLevel::kOff, "never");
  EXPECT_EQ(log.lines(), "");
}

TEST(LogTest, RefusesAnUnknownLevelAndListsThem) {
  EXPECT_EQ(parse_log_level("warning"), LogLevel::kWarning);
  EXPECT_EQ(parse_log_level("off"), LogLevel::kOff);
  const Result<LogLevel> near = parse_log_level("warn");
  ASSERT_FALSE(near);
  EXPECT_EQ(near.error().code, ExitCode::kUsage);
  EXPECT_EQ(near.error().message, "'warn' is not a log level (trace, debug, info, warning, error, off)");
  const Result<LogLevel> nearer = parse_log_level("waring");
  ASSERT_FALSE(nearer);
  EXPECT_EQ(nearer.error().message,
            "'waring' is not a log level (trace, debug, info, warning, error, off); did you mean 'warning'?");
}

}  // namespace
}  // namespace flowgauge
