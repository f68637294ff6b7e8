// What the fuzz targets share. Each has libFuzzer's entry; replay.cpp is the main() where libFuzzer is not.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace flowgauge::test {

// Ends the program, as a sanitizer does.
inline void must_hold(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "fuzz target: does not hold: %s\n", what);
  std::abort();
}

// As every message of an error is.
inline bool is_one_line(const std::string& message) {
  return !message.empty() && message.find('\n') == std::string::npos;
}

// How many inputs came to the end of the target. Where none of the seeds does, it tests refusals alone: a format
// changed, and the seeds did not.
inline std::uint64_t inputs_taken = 0;
inline void note_taken() { ++inputs_taken; }

// The input as a file: readers open paths. One for all inputs.
class InputFile {
 public:
  InputFile() : fd_(::memfd_create("input", 0)), path_("/proc/self/fd/" + std::to_string(fd_)) {
    must_hold(fd_ >= 0, "the system gives a file in memory");
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() { ::close(fd_); }

  // The path, good until the next call.
  const std::string& holding(const std::uint8_t* data, std::size_t size) {
    must_hold(::ftruncate(fd_, 0) == 0, "the file can be emptied");
    must_hold(::pwrite(fd_, data, size, 0) == static_cast<ssize_t>(size), "the file takes the input");
    return path_;
  }

 private:
  int fd_;
  std::string path_;
};

}  // namespace flowgauge::test
