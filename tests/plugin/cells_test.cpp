#include "core/plugin/cells.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "tests/plugin/memory_feature.h"

namespace flowgauge {
namespace {

using test::FeatureSpec;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

TEST(Cells, TimesBecomeAbsolute) {
  std::array<std::int64_t, 5> cells = {5, -7, FG_NEVER, kMost, kLeast + 1};
  const std::array<std::int64_t, 5> starts = {1'000, 1'000, 1'000, 1'000, -1'000};
  settle_cells(FeatureSpec::column("t", FG_TIME), {cells.data(), nullptr}, starts);
  EXPECT_EQ(cells, (std::array<std::int64_t, 5>{1'005, 993, 0, kMost, kLeast}));
}

TEST(Cells, ANullTimeIsNoTime) {
  std::array<std::int64_t, 2> cells = {5, 5};
  std::uint64_t validity = 0b10;
  const std::array<std::int64_t, 2> starts = {1'000, 2'000};
  settle_cells(FeatureSpec::column("t", FG_TIME, FG_NULLABLE), {cells.data(), &validity}, starts);
  EXPECT_EQ(cells, (std::array<std::int64_t, 2>{0, 2'005}));
}

TEST(Cells, DoublesAreFinite) {
  std::array<double, 4> cells = {1.5, std::nan(""), HUGE_VAL, -HUGE_VAL};
  const std::array<std::int64_t, 4> starts{};
  EXPECT_EQ(settle_cells(FeatureSpec::column("d", FG_F64), {cells.data(), nullptr}, starts), 3u);
  EXPECT_EQ(cells, (std::array<double, 4>{1.5, 0, 0, 0}));
  EXPECT_EQ(not_finite_text("x.so: column 'a.d'", 1),
            "x.so: column 'a.d': 1 cell with NaN or infinity, written as 0; tell its author");
}

TEST(Cells, BooleansAreZeroOrOne) {
  std::array<std::uint8_t, 3> cells = {0, 1, 200};
  const std::array<std::int64_t, 3> starts{};
  settle_cells(FeatureSpec::column("b", FG_BOOL), {cells.data(), nullptr}, starts);
  EXPECT_EQ(cells, (std::array<std::uint8_t, 3>{0, 1, 1}));
}

TEST(Cells, TextWithoutDataIsEmpty) {
  std::array<fg_string, 2> cells = {fg_string{"ab", 2}, fg_string{nullptr, 9}};
  const std::array<std::int64_t, 2> starts{};
  settle_cells(FeatureSpec::column("s", FG_STRING), {cells.data(), nullptr}, starts);
  EXPECT_EQ(cells[0].size_bytes, 2u);
  EXPECT_EQ(cells[1].size_bytes, 0u);
}

}  // namespace
}  // namespace flowgauge
