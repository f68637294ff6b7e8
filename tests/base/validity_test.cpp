#include "core/base/validity.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace flowgauge {
namespace {

TEST(Validity, AWordHolds64Rows) {
  EXPECT_EQ(validity_words(0), 0U);
  EXPECT_EQ(validity_words(1), 1U);
  EXPECT_EQ(validity_words(64), 1U);
  EXPECT_EQ(validity_words(65), 2U);
}

TEST(Validity, OneBitARow) {
  std::vector<std::uint64_t> validity(validity_words(130));
  fg_vector vector{};
  vector.validity = validity.data();
  for (const std::size_t row : {0U, 63U, 64U, 129U}) set_valid(validity.data(), row);
  EXPECT_EQ(validity, (std::vector<std::uint64_t>{1 | std::uint64_t{1} << 63, 1, 2}));
  for (std::size_t row = 0; row < 130; ++row)
    EXPECT_EQ(is_null(vector, row), row != 0 && row != 63 && row != 64 && row != 129) << row;
}

TEST(Validity, WithoutABitmapNothingIsNull) {
  const fg_vector vector{};
  EXPECT_FALSE(is_null(vector, 0));
  EXPECT_FALSE(is_null(vector, 1000));
}

}  // namespace
}  // namespace flowgauge
