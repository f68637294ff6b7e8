// Runs a test's body in a child with a network namespace of its own, which ends with it: what it changes is seen
// nowhere.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace flowgauge {

enum class InNamespace { kPassed, kFailed, kMayNot };

inline InNamespace in_own_network_namespace(void (*body)()) {
  const pid_t child = fork();
  if (child == 0) {
    if (unshare(CLONE_NEWNET) != 0) _exit(static_cast<int>(InNamespace::kMayNot));
    body();
    _exit(static_cast<int>(testing::Test::HasFailure() ? InNamespace::kFailed : InNamespace::kPassed));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? static_cast<InNamespace>(WEXITSTATUS(status)) : InNamespace::kFailed;
}

inline bool run_line(const std::string& line) { return std::system(line.c_str()) == 0; }

}  // namespace flowgauge
