#include "core/base/utc_text.h"

#include <gtest/gtest.h>

namespace flowgauge::test {
namespace {

TEST(UtcText, IsASecondInUtc) {
  EXPECT_EQ(utc_text(std::chrono::system_clock::time_point{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(utc_text(std::chrono::system_clock::from_time_t(1'796'053'512) + std::chrono::milliseconds(999)),
            "2026-11-30T15:45:12Z");
}

}  // namespace
}  // namespace flowgauge::test
