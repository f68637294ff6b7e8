// Numbers as text against std::to_chars, which is slower and right.
#include "core/text/number_text.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace flowgauge {
namespace {

std::string real_text(double value) {
  std::array<char, kRealTextBytes> text;
  return {text.data(), write_real(text.data(), value)};
}

std::string u64_text(std::uint64_t value) {
  std::array<char, kIntegerTextBytes + 8> text;
  return {text.data(), write_u64(text.data(), value)};
}

std::string i64_text(std::int64_t value) {
  std::array<char, kIntegerTextBytes + 8> text;
  return {text.data(), write_i64(text.data(), value)};
}

std::string reference(double value) {
  std::array<char, 400> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr};
}

TEST(NumberText, Doubles) {
  struct Case {
    double value;
    const char* text;
  };
  for (const Case& one : {
           Case{0.0, "0"},
           Case{-0.0, "0"},
           Case{1.0, "1"},
           Case{-1.0, "-1"},
           Case{0.1, "0.1"},
           Case{-0.001, "-0.001"},
           Case{0.0005, "0.0005"},
           Case{1.5, "1.5"},
           Case{12.34, "12.34"},
           Case{12.034, "12.034"},
           Case{0.1 + 0.2, "0.30000000000000004"},
           Case{1.0 / 3.0, "0.3333333333333333"},
           Case{3999999999.999, "3999999999.999"},
           Case{4000000000.001, "4000000000.001"},
           Case{9007199254740992.0, "9007199254740992"},
           Case{1e-7, "0.0000001"},
           Case{1e16, "10000000000000000"},
           Case{0x1p63, "9223372036854775808"},
           Case{0x1p64, "18446744073709551616"},
           Case{-0x1p64, "-18446744073709551616"},
       }) {
    EXPECT_EQ(real_text(one.value), one.text);
  }
}

TEST(NumberText, TheLongestDoublesFit) {
  for (const double value : {std::numeric_limits<double>::max(), std::numeric_limits<double>::min(),
                             std::numeric_limits<double>::denorm_min(), 1.2345678901234567e-308}) {
    EXPECT_EQ(real_text(-value), reference(-value));
    EXPECT_LT(real_text(-value).size(), kRealTextBytes);
  }
}

void check(double value) {
  const std::string text = real_text(value);
  const std::string expected = value == 0 ? "0" : reference(value);
  if (text != expected) ADD_FAILURE() << text << " for " << expected;
  // It reads back as the same number.
  double read = 0;
  std::from_chars(text.data(), text.data() + text.size(), read);
  if (read != value) ADD_FAILURE() << text << " does not read back";
}

TEST(NumberText, AMillionDoubles) {
  std::mt19937_64 random(20260803);
  for (int i = 0; i < 250'000; ++i) {
    const std::uint64_t bits = random();
    check(static_cast<double>(bits >> (bits % 64)));                                      // whole numbers of any length
    check(static_cast<double>(static_cast<std::int64_t>(bits) >> (bits % 40)) / 1000.0);  // thousandths, of both signs
    check(std::sqrt(static_cast<double>(bits % 100'000'000)));                            // deviations
    const double any = std::bit_cast<double>(bits);
    check(std::isfinite(any) ? any : 0.5);
  }
}

// Where the doubles' distance, the digits it takes and which neighbour is nearest all change.
TEST(NumberText, RealsOfEveryMagnitude) {
  std::mt19937_64 random(20261127);
  for (int exponent = -70; exponent <= 63; ++exponent) {
    const double power = std::ldexp(1.0, exponent);
    for (const double value : {std::nextafter(power, 0.0), power, std::nextafter(power, 2 * power)}) check(value);
    for (int i = 0; i < 2000; ++i) {
      check(power * (1 + std::ldexp(static_cast<double>(random() >> 12), -52)));
      // In the middle of two decimals: few bits behind the point.
      check(power + std::ldexp(static_cast<double>(random() % 64), static_cast<int>(random() % 72) - 72 + exponent));
      // A decimal of few digits, and the doubles beside it.
      const double decimal =
          static_cast<double>(random() % 1'000'000'000) / std::pow(10.0, static_cast<double>(random() % 18));
      for (const double value : {std::nextafter(decimal, 0.0), decimal, std::nextafter(decimal, 1e9)})
        if (value > 0) check(value);
    }
  }
}

TEST(NumberText, Integers) {
  for (std::uint64_t power = 1;; power *= 10) {
    for (const std::uint64_t value : {power - 1, power, power + 1}) {
      EXPECT_EQ(u64_text(value), std::to_string(value));
      const auto negative = static_cast<std::int64_t>(0 - value);
      EXPECT_EQ(i64_text(negative), std::to_string(negative));
    }
    if (power > UINT64_MAX / 10) break;
  }
  EXPECT_EQ(u64_text(UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(i64_text(INT64_MIN), "-9223372036854775808");
  EXPECT_EQ(i64_text(INT64_MAX), "9223372036854775807");
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = random();
    const std::uint64_t value = bits >> (bits % 64);
    ASSERT_EQ(u64_text(value), std::to_string(value));
  }
}

}  // namespace
}  // namespace flowgauge
