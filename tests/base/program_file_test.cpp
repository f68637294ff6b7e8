#include "core/base/program_file.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

// That of a process that loaded the library is seen by tests/api: plugins and profiles are found.
TEST(ProgramFile, OfAProgramIsItsOwnFile) {
  EXPECT_EQ(program_file(), std::filesystem::canonical("/proc/self/exe"));
  EXPECT_EQ(program_file().filename(), "test_base");
}

}  // namespace
}  // namespace flowgauge
