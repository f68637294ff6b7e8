// Bitmaps of nulls: what two operands leave, and single cells beside it.
#include "core/expression/validity.h"

#include <gtest/gtest.h>

#include <array>

namespace flowgauge::expression {
namespace {

TEST(Validity, NullWhereEitherIs) {
  const std::array<std::uint64_t, 2> a{0b1101, 0b01};
  const std::array<std::uint64_t, 2> b{0b1011, 0b11};
  std::array<std::uint64_t, 2> own{};
  EXPECT_EQ(valid_in_both(nullptr, nullptr, 66, own.data()), nullptr);
  EXPECT_EQ(valid_in_both(a.data(), nullptr, 66, own.data()), a.data());
  EXPECT_EQ(valid_in_both(nullptr, b.data(), 66, own.data()), b.data());
  EXPECT_EQ(valid_in_both(a.data(), a.data(), 66, own.data()), a.data());
  EXPECT_EQ(own[0], 0U);
  EXPECT_EQ(valid_in_both(a.data(), b.data(), 66, own.data()), own.data());
  EXPECT_EQ(own[0], 0b1001U);
  EXPECT_EQ(own[1], 0b01U);
}

TEST(Validity, MarksBesideWhatIsNull) {
  std::array<std::uint64_t, 2> own{};
  const std::uint64_t* validity = nullptr;
  NullMarker none(validity, own.data(), 66);
  EXPECT_EQ(validity, nullptr);
  none.mark(65);
  EXPECT_EQ(validity, own.data());
  EXPECT_EQ(own[0], UINT64_MAX);
  EXPECT_EQ(own[1] & 0b11U, 0b01U);

  const std::array<std::uint64_t, 2> given{0b0111, 0b11};
  validity = given.data();
  NullMarker some(validity, own.data(), 66);
  some.mark(0);
  some.mark(1);
  EXPECT_EQ(validity, own.data());
  EXPECT_EQ(own[0], 0b0100U);
  EXPECT_EQ(own[1], 0b11U);
}

}  // namespace
}  // namespace flowgauge::expression
