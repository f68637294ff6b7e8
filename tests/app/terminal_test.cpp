// Messages and the line of status: on a pseudo-terminal, which is read as a person sees it, and on a file.
#include "core/app/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

using StreamHandle = std::unique_ptr<std::FILE, Closer<std::fclose>>;

// What a screen shows of bytes: lines, of which "\r" goes to the start and "\x1b[K" erases the rest.
std::vector<std::string> screen_of(std::string_view bytes) {
  std::vector<std::string> lines(1);
  std::size_t column = 0;
  while (!bytes.empty()) {
    std::string& line = lines.back();
    if (bytes.starts_with("\x1b[K")) {
      line.resize(std::min(line.size(), column));
      bytes.remove_prefix(3);
      continue;
    }
    const char byte = bytes.front();
    bytes.remove_prefix(1);
    if (byte == '\n') {
      lines.emplace_back();
      column = 0;
    } else if (byte == '\r') {
      column = 0;
    } else {
      line.resize(std::max(line.size(), column + 1), ' ');
      line[column++] = byte;
    }
  }
  return lines;
}

// A terminal of 40 columns.
class OnATerminal : public testing::Test {
 protected:
  void SetUp() override {
    int outer = -1;
    int inner = -1;
    winsize size{};
    size.ws_col = 40;
    ASSERT_EQ(::openpty(&outer, &inner, nullptr, nullptr, &size), 0);
    screen_ = FileDescriptor(outer);
    stream_.reset(::fdopen(inner, "w"));
    ASSERT_TRUE(stream_);
    std::setvbuf(stream_.get(), nullptr, _IONBF, 0);
  }

  // All that was written. Closes the terminal.
  std::string written() {
    std::string bytes;
    stream_.reset();
    char buffer[4096];
    for (;;) {
      const ssize_t got = ::read(screen_.get(), buffer, sizeof buffer);
      if (got <= 0) return bytes;  // EIO: closed on the other side
      bytes.append(buffer, static_cast<std::size_t>(got));
    }
  }

  FileDescriptor screen_;
  StreamHandle stream_;
};

using Screen = std::vector<std::string>;

int waiting_bytes(int fd) {
  int bytes = -1;
  ::ioctl(fd, FIONREAD, &bytes);
  return bytes;
}

TEST_F(OnATerminal, TheStatusIsOneLineInPlaceOfTheLast) {
  Terminal terminal(stream_.get());
  EXPECT_TRUE(terminal.is_terminal());
  terminal.set_status("12 packets");
  terminal.set_status("3 rows");
  EXPECT_EQ(written(), "\r12 packets\x1b[K\r3 rows\x1b[K");
}

TEST_F(OnATerminal, TheStatusMakesWayForRows) {
  Terminal terminal(stream_.get());
  terminal.set_status("0 rows");
  terminal.make_way("whole\n");
  std::fputs("whole\n", stream_.get());
  terminal.set_status("1 row");
  terminal.make_way("half");
  std::fputs("half", stream_.get());
  terminal.set_status("2 rows");
  terminal.make_way("\n");
  std::fputs("\n", stream_.get());
  terminal.set_status("2 rows");
  EXPECT_EQ(written(), "\r0 rows\x1b[K\r\x1b[Kwhole\r\n\r1 row\x1b[K\r\x1b[Khalf\r\n\r2 rows\x1b[K");
}

TEST_F(OnATerminal, WhoBorrowsItGetsTheMessages) {
  Terminal terminal(stream_.get());
  terminal.set_status("1 row");
  std::string taken;
  terminal.lend([&](std::string_view lines) { taken += lines; });
  terminal.write("one\n");
  terminal.set_status("2 rows");
  terminal.write("two\n");
  terminal.take_back();
  terminal.take_back();
  terminal.write("three\n");
  EXPECT_EQ(taken, "one\ntwo\n");
  EXPECT_EQ(written(), "\r1 row\x1b[K\r\x1b[Kone\r\ntwo\r\nthree\r\n");
}

TEST_F(OnATerminal, MessagesStandAboveTheStatus) {
  Terminal terminal(stream_.get());
  terminal.write("before\n");
  terminal.set_status("a long line of status");
  terminal.write("one\n");
  terminal.write("two\nthree\n");
  terminal.set_status("4 rows");
  EXPECT_EQ(screen_of(written()), (Screen{"before", "one", "two", "three", "4 rows"}));
}

// As by Ctrl-S and Ctrl-Q.
TEST_F(OnATerminal, AStoppedOneHoldsNobodyUp) {
  Terminal terminal(stream_.get());
  ASSERT_EQ(::tcflow(::fileno(stream_.get()), TCOOFF), 0);
  terminal.write("one\n");
  terminal.set_status("1 row");
  terminal.write("two\n");
  EXPECT_EQ(waiting_bytes(screen_.get()), 0);
  ASSERT_EQ(::tcflow(::fileno(stream_.get()), TCOON), 0);
  terminal.write("three\n");
  terminal.set_status("2 rows");
  EXPECT_EQ(written(), "one\r\ntwo\r\nthree\r\n\r2 rows\x1b[K");
}

TEST_F(OnATerminal, ItsStatusComesWithWhatItHeldUp) {
  Terminal terminal(stream_.get());
  ASSERT_EQ(::tcflow(::fileno(stream_.get()), TCOOFF), 0);
  terminal.write("one\n");
  ASSERT_EQ(::tcflow(::fileno(stream_.get()), TCOON), 0);
  terminal.set_status("1 row");
  EXPECT_EQ(written(), "one\r\n\r1 row\x1b[K");
}

TEST_F(OnATerminal, TheEndWaitsForAStoppedOne) {
  Terminal terminal(stream_.get());
  ASSERT_EQ(::tcflow(::fileno(stream_.get()), TCOOFF), 0);
  terminal.write("the end\n");
  {
    const std::jthread end([&] { terminal.write_rest(); });
    ASSERT_EQ(::tcflow(::fileno(stream_.get()), TCOON), 0);
  }
  EXPECT_EQ(written(), "the end\r\n");
}

TEST(OnAPipe, AFullOneHoldsNobodyUpForAMebibyte) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const FileDescriptor reader(ends[0]);
  StreamHandle stream(::fdopen(ends[1], "w"));
  std::setvbuf(stream.get(), nullptr, _IONBF, 0);
  ASSERT_GT(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
  Terminal terminal(stream.get());
  std::string all;
  const auto write = [&](int lines) {
    for (int i = 0; i < lines; ++i) {
      const std::string line = std::to_string(all.size()) + std::string(993, '.') + "\n";
      terminal.write(line);
      all += line;
    }
  };
  write(1000);
  EXPECT_LE(waiting_bytes(reader.get()), 4096);
  std::string read;
  {
    const std::jthread reading([&] {
      char buffer[4096];
      for (ssize_t got = 1; got > 0;) {
        got = ::read(reader.get(), buffer, sizeof buffer);
        if (got > 0) read.append(buffer, static_cast<std::size_t>(got));
      }
    });
    write(1000);  // more than is kept
    terminal.write_rest();
    stream.reset();
  }
  EXPECT_EQ(read == all, true) << read.size() << " of " << all.size();
}

TEST_F(OnATerminal, NothingIsLeftOfAStatusThatIsTakenAway) {
  Terminal terminal(stream_.get());
  terminal.set_status("12 packets");
  terminal.clear_status();
  terminal.write("the end\n");
  terminal.clear_status();
  EXPECT_EQ(written(), "\r12 packets\x1b[K\r\x1b[Kthe end\r\n");
}

TEST_F(OnATerminal, ALongStatusIsCutSoThatItDoesNotWrap) {
  Terminal terminal(stream_.get());
  terminal.set_status(std::string(100, 'x'));
  terminal.write("one\n");
  EXPECT_EQ(screen_of(written()), (Screen{"one", std::string(39, 'x')}));
}

TEST_F(OnATerminal, LinesOfManyThreadsAreWhole) {
  Terminal terminal(stream_.get());
  constexpr int kThreads = 4;
  constexpr int kLines = 20;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread)
      threads.emplace_back([&, thread] {
        const std::string line(10, static_cast<char>('a' + thread));
        for (int i = 0; i < kLines; ++i) terminal.write(line + "\n");
      });
    for (int i = 0; i < kLines; ++i) terminal.set_status("status");
  }
  terminal.clear_status();
  Screen screen = screen_of(written());
  ASSERT_EQ(screen.size(), kThreads * kLines + 1U);
  EXPECT_EQ(screen.back(), "");
  screen.pop_back();
  for (int thread = 0; thread < kThreads; ++thread)
    EXPECT_EQ(std::ranges::count(screen, std::string(10, static_cast<char>('a' + thread))), kLines);
}

TEST(Terminal, ElsewhereThereAreMessagesAlone) {
  const StreamHandle file(std::tmpfile());
  ASSERT_TRUE(file);
  Terminal terminal(file.get());
  EXPECT_FALSE(terminal.is_terminal());
  terminal.set_status("12 packets");
  terminal.write("one\n");
  terminal.clear_status();
  ASSERT_EQ(std::fseek(file.get(), 0, SEEK_SET), 0);
  char bytes[100];
  EXPECT_EQ(std::string(bytes, std::fread(bytes, 1, sizeof bytes, file.get())), "one\n");
}

}  // namespace
}  // namespace flowgauge
