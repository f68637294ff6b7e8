#include "core/app/terminal_log.h"

#include <gtest/gtest.h>

#include <regex>

namespace flowgauge {
namespace {

class TerminalLogTest : public testing::Test {
 protected:
  template <class Body>
  std::string written_by(Body body) {
    const LogScope scope(&log_);
    testing::internal::CaptureStderr();
    body();
    return testing::internal::GetCapturedStderr();
  }

  Terminal terminal_{stderr};
  TerminalLog log_{terminal_};
};

TEST_F(TerminalLogTest, WritesShortLinesToStandardError) {
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

TEST_F(TerminalLogTest, TakesATextAsItIs) {
  EXPECT_EQ(written_by([] { log_text(LogLevel::kError, "100 {} %v"); }), "flowgauge: error: 100 {} %v\n");
}

// Names of files, and of what stands in them.
TEST_F(TerminalLogTest, NoMessageSteersTheTerminal) {
  EXPECT_EQ(written_by([this] {
              log_warning("\x1b[31ma\x07 b\r\nnext \xc2\x9b line\xff \u00e9");
              log_.write_account("\x1b[2Jframes\nrows\n");
            }),
            "flowgauge: warning:  [31ma  b \nnext   line\ufffd \u00e9\n [2Jframes\nrows\n");
  log_.set_format(TerminalLog::Format::kJournal);
  EXPECT_EQ(written_by([] { log_error("a\x1b\nb"); }), "<3>a \n<3>b\n");
}

TEST_F(TerminalLogTest, AsJsonEachMessageIsAnObject) {
  log_.set_format(TerminalLog::Format::kJson);
  const std::string written = written_by([this] {
    log_warning("a \"quoted\" word, %v and a\nnew line");
    log_debug("not shown");
    log_.write_account("frames   3\nrows     2\n");
  });
  const std::regex time("\\{\"time\":\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z\",");
  EXPECT_EQ(std::regex_replace(written, time, "{"),
            R"({"level":"warning","message":"a \"quoted\" word, %v and a\nnew line"}
{"level":"info","message":"frames   3"}
{"level":"info","message":"rows     2"}
)");
}

TEST_F(TerminalLogTest, AnAccountIsWrittenAsItIs) {
  EXPECT_EQ(written_by([this] { log_.write_account("frames   3\nrows     2\n"); }), "frames   3\nrows     2\n");
}

TEST_F(TerminalLogTest, LevelDecidesWhatIsWritten) {
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
    const Result<LogLevel> level = parse_log_level(name);
    ASSERT_TRUE(level) << name;
    log_.set_level(*level);
    EXPECT_EQ(log_.level(), *level) << name;
    EXPECT_EQ(written_by(all), text) << name;
  }
}

}  // namespace
}  // namespace flowgauge
