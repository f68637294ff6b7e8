// A pipe whose reader does not read: what is written waits, a stop request is seen, and the pipe's own flags stay.
#include "core/output/patient_write.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    reader = FileDescriptor(ends[0]);
    writer = FileDescriptor(ends[1]);
    EXPECT_GT(::fcntl(ends[1], F_SETPIPE_SZ, 4096), 0);
  }
  std::string read(std::size_t bytes) const {
    std::string text(bytes, '\0');
    std::size_t have = 0;
    while (have < bytes) {
      const ssize_t count = ::read(reader.get(), text.data() + have, bytes - have);
      if (count <= 0) break;
      have += static_cast<std::size_t>(count);
    }
    return text.substr(0, have);
  }
  FileDescriptor reader, writer;
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
  const PatientWrite out(pipe.writer.get(), &stop);
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

}  // namespace
}  // namespace flowgauge
