// What can fail at run time returns Result<T>; the error carries the message for the user and the
// exit code that the program ends with. Programmer errors are asserts.
#pragma once

#include <fmt/format.h>

#include <expected>
#include <string>
#include <utility>

namespace flowgauge {

// Documented in docs/exit-codes.md.
enum class ExitCode : int {
  kOk = 0,
  kUsage = 1,  // command line or profile
  kPlugin = 2,
  kInput = 3,  // unreadable or damaged; rows up to there are written
  kOutput = 4,
  kPrivilege = 5,
  kMemory = 6,
  kInterrupted = 130,
};

struct Error {
  ExitCode code;
  std::string message;  // what, where, what to do: one sentence or two, no newline at the end
};

template <class T>
using Result = std::expected<T, Error>;

template <class... Args>
std::unexpected<Error> fail(ExitCode code, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Error{code, fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace flowgauge
