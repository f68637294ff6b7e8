#include "core/base/log.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

// Each test begins and ends at the level of the start.
class Log : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(log_level(), LogLevel::kInfo); }
  void TearDown() override { set_log_level(LogLevel::kInfo); }

  template <class Body>
  std::string written_by(Body body) {
    testing::internal::CaptureStderr();
    body();
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(Log, WritesShortLinesToStandardError) {
  EXPECT_EQ(written_by([] {
              log_message(LogLevel::kTrace, "not {}", "shown");
              log_debug("not shown");
              log_info("{} flows", 3);
              log_warning("disk is {} % full", 99);
              log_error("no {{braces}} lost");
            }),
            "flowgauge: info: 3 flows\n"
            "flowgauge: warning: disk is 99 % full\n"
            "flowgauge: error: no {braces} lost\n");
}

TEST_F(Log, TakesATextAsItIs) {
  EXPECT_EQ(written_by([] { log_text(LogLevel::kError, "100 {} %v"); }), "flowgauge: error: 100 {} %v\n");
}

TEST_F(Log, LevelDecidesWhatIsWritten) {
  const auto all = [] {
    log_message(LogLevel::kTrace, "t");
    log_debug("d");
    log_info("i");
    log_warning("w");
    log_error("e");
    log_text(LogLevel::kOff, "o");
  };
  const std::pair<std::string, std::string> rows[] = {
      {"trace",
       "flowgauge: trace: t\nflowgauge: debug: d\nflowgauge: info: i\nflowgauge: warning: w\nflowgauge: error: e\n"},
      {"debug", "flowgauge: debug: d\nflowgauge: info: i\nflowgauge: warning: w\nflowgauge: error: e\n"},
      {"info", "flowgauge: info: i\nflowgauge: warning: w\nflowgauge: error: e\n"},
      {"warning", "flowgauge: warning: w\nflowgauge: error: e\n"},
      {"error", "flowgauge: error: e\n"},
      {"off", ""},
  };
  for (const auto& [name, text] : rows) {
    ASSERT_TRUE(set_log_level(name)) << name;
    EXPECT_EQ(written_by(all), text) << name;
  }
}

TEST_F(Log, RefusesAnUnknownLevelAndListsThem) {
  const Result<void> near = set_log_level("warn");
  ASSERT_FALSE(near);
  EXPECT_EQ(near.error().code, ExitCode::kUsage);
  EXPECT_EQ(near.error().message, "'warn' is not a log level (trace, debug, info, warning, error, off)");
  const Result<void> nearer = set_log_level("waring");
  ASSERT_FALSE(nearer);
  EXPECT_EQ(nearer.error().message,
            "'waring' is not a log level (trace, debug, info, warning, error, off); did you mean 'warning'?");
  EXPECT_EQ(log_level(), LogLevel::kInfo);
}

}  // namespace
}  // namespace flowgauge
