#include "core/text/iso_time.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

TEST(IsoTime, HasMilliseconds) {
  const std::pair<std::int64_t, const char*> rows[] = {
      {0, "1970-01-01T00:00:00.000Z"},
      {1'785'789'000'002'999'999, "2026-08-03T20:30:00.002Z"},
      {951'782'399'999'000'000, "2000-02-28T23:59:59.999Z"},
      {951'782'400'000'000'000, "2000-02-29T00:00:00.000Z"},
      {-1, "1969-12-31T23:59:59.999Z"},
      {INT64_MAX, "2262-04-11T23:47:16.854Z"},
  };
  for (const auto& [time_ns, text] : rows) EXPECT_EQ(iso_time(time_ns), text);
}

}  // namespace
}  // namespace flowgauge
