// A pipe whose reader does not read, and a terminal that is stopped: what is written waits, a stop request is seen, and
// their own flags stay.
#include "core/output/patient_write.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

constexpr std::chrono::milliseconds kImpatience{1};

std::string read_from(int fd, std::size_t bytes) {
  std::string text(bytes, '\0');
  std::size_t have = 0;
  while (have < bytes) {
    const ssize_t count = ::read(fd, text.data() + have, bytes - have);
    if (count <= 0) break;
    have += static_cast<std::size_t>(count);
  }
  return text.substr(0, have);
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    reader = FileDescriptor(ends[0]);
    writer = FileDescriptor(ends[1]);
    EXPECT_GT(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
  }
  std::string read(std::size_t bytes) const { return read_from(reader.get(), bytes); }
  FileDescriptor reader, writer;
};

struct Terminal {
  Terminal() {
    int ours = -1;
    int end = -1;
    EXPECT_EQ(::openpty(&ours, &end, nullptr, nullptr, nullptr), 0);
    screen = FileDescriptor(ours);
    writer = FileDescriptor(end);
    termios plain{};
    EXPECT_EQ(::tcgetattr(end, &plain), 0);
    ::cfmakeraw(&plain);
    EXPECT_EQ(::tcsetattr(end, TCSANOW, &plain), 0);
  }
  // As Ctrl-S and Ctrl-Q.
  void stop() const { EXPECT_EQ(::tcflow(writer.get(), TCOOFF), 0); }
  void go_on() const { EXPECT_EQ(::tcflow(writer.get(), TCOON), 0); }
  FileDescriptor screen, writer;
};

std::size_t write_all(const PatientWrite& out, std::string_view bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = out.write(bytes.substr(written));
    if (count < 0) break;
    written += static_cast<std::size_t>(count);
  }
  return written;
}

TEST(PatientWrite, AReaderThatIsSlowGetsAll) {
  const Pipe pipe;
  StopRequest stop;
  const PatientWrite out(pipe.writer.get(), &stop);
  std::string text;
  for (int i = 0; text.size() < 100'000; ++i) text += std::to_string(i);
  std::string read;
  std::jthread reader([&] { read = pipe.read(text.size()); });
  EXPECT_EQ(write_all(out, text), text.size());
  reader.join();
  EXPECT_EQ(read, text);
  EXPECT_EQ(::fcntl(pipe.writer.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(PatientWrite, AReaderThatReadsAgainAfterTheRequestGetsAll) {
  const Pipe pipe;
  StopRequest stop;
  const PatientWrite out(pipe.writer.get(), &stop);
  const std::string text(20'000, 'x');
  stop.request();
  std::string read;
  std::jthread reader([&] { read = pipe.read(text.size()); });
  EXPECT_EQ(write_all(out, text), text.size());
  reader.join();
  EXPECT_EQ(read, text);
}

TEST(PatientWrite, ARequestEndsTheWaitForOneThatTakesNothing) {
  const Pipe pipe;
  StopRequest stop;
  const PatientWrite out(pipe.writer.get(), &stop, kImpatience);
  const std::string text(20'000, 'x');
  std::size_t written = 0;
  int error = 0;
  std::jthread writer([&] {
    written = write_all(out, text);
    error = errno;
  });
  stop.request();
  writer.join();
  EXPECT_EQ(error, ETIMEDOUT);
  EXPECT_EQ(pipe.read(written), text.substr(0, written));
  EXPECT_LT(written, text.size());
}

TEST(PatientWrite, AStoppedTerminalThatGoesOnGetsAll) {
  const Terminal terminal;
  const StopRequest stop;
  const PatientWrite out(terminal.writer.get(), &stop);
  const std::string text(200'000, 'x');
  terminal.stop();
  std::jthread writer([&] { EXPECT_EQ(write_all(out, text), text.size()); });
  terminal.go_on();
  EXPECT_EQ(read_from(terminal.screen.get(), text.size()), text);
  EXPECT_EQ(::fcntl(terminal.writer.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(PatientWrite, ARequestEndsTheWaitForAStoppedTerminal) {
  const Terminal terminal;
  StopRequest stop;
  const PatientWrite out(terminal.writer.get(), &stop, kImpatience);
  terminal.stop();
  std::jthread request([&] { stop.request(); });
  errno = 0;
  EXPECT_EQ(write_all(out, "row"), 0U);
  EXPECT_EQ(errno, ETIMEDOUT);
}

TEST(PatientWrite, ARequestEndsTheWaitForATerminalThatNobodyReads) {
  const Terminal terminal;
  StopRequest stop;
  const PatientWrite out(terminal.writer.get(), &stop, kImpatience);
  stop.request();
  errno = 0;
  EXPECT_LT(write_all(out, std::string(1'000'000, 'x')), 1'000'000U);
  EXPECT_EQ(errno, ETIMEDOUT);
}

}  // namespace
}  // namespace flowgauge
