#include "core/base/text.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace flowgauge {
namespace {

TEST(Duration, IsReadExactly) {
  const std::pair<std::string, std::int64_t> rows[] = {
      {"0", 0},
      {"0s", 0},
      {"0.0", 0},
      {"120", 120'000'000'000},
      {"120s", 120'000'000'000},
      {"2m", 120'000'000'000},
      {"1h", 3'600'000'000'000},
      {"1d", 86'400'000'000'000},
      {"007", 7'000'000'000},
      {"1ns", 1},
      {"1us", 1'000},
      {"1ms", 1'000'000},
      {"0.1", 100'000'000},
      {"0.3s", 300'000'000},  // 0.3 has no exact double
      {"1.000000001", 1'000'000'001},
      {"0.000000001", 1},
      {"0.001us", 1},
      {"1.5ms", 1'500'000},
      {"0.5m", 30'000'000'000},
      {"1.10000000000000000000000000000000", 1'100'000'000},
      // A day is 2^16 x 27 x 5^11 ns: 2^-16 of one is whole.
      {"0.0000152587890625d", 1'318'359'375},
      {"999999999.999999999", 999'999'999'999'999'999},
      {"1000000000", kLongestDurationNs},
      {"1000000000000000000ns", kLongestDurationNs},
  };
  for (const auto& [text, duration_ns] : rows) {
    const Result<std::int64_t> read = parse_duration_ns(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, duration_ns) << text;
  }
}

TEST(Duration, RefusesWhatIsNone) {
  for (const std::string text : {"",   " ",  ".",    "s",     "5 s", " 5",   "5 ",  "-1",  "+1",  "1e3",   "0x10",
                                 "1.", ".5", "1..2", "1.2.3", "5S",  "5sec", "1,5", "nan", "inf", "never", "1_000"}) {
    const Result<std::int64_t> read = parse_duration_ns(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ExitCode::kUsage);
    EXPECT_EQ(
        read.error().message,
        "'" + text + "' is not a duration; write seconds (120, 0.5) or a number with one of ns, us, ms, s, m, h, d");
  }
}

TEST(Duration, RefusesWhatIsFinerThanANanosecond) {
  for (const std::string text : {"0.5ns", "0.0001us", "1.0000000001", "0.00000762939453125d",
                                 "0.000000000000000000001d", "0.3333333333333333333333333333333333333333m"}) {
    const Result<std::int64_t> read = parse_duration_ns(text);
    ASSERT_FALSE(read) << text << " " << *read;
    EXPECT_EQ(read.error().message, "'" + text + "' is finer than a nanosecond");
  }
}

TEST(Duration, RefusesWhatIsLongerThanTheLimit) {
  for (const std::string text : {"1000000001", "1000000000.000000001", "1000000000000000001ns", "11575d",
                                 "18446744073709551615", "18446744073709551616", "99999999999999999999999999d"}) {
    const Result<std::int64_t> read = parse_duration_ns(text);
    ASSERT_FALSE(read) << text << " " << *read;
    EXPECT_EQ(read.error().message, "'" + text + "' is longer than the limit of 1000000000s");
  }
}

TEST(Duration, CanonicalTextReadsBack) {
  const std::pair<std::int64_t, std::string> rows[] = {{0, "0"},
                                                       {1, "0.000000001s"},
                                                       {250'000'000, "0.25s"},
                                                       {1'000'000'000, "1s"},
                                                       {120'000'000'000, "120s"},
                                                       {1'000'000'001, "1.000000001s"},
                                                       {kLongestDurationNs, "1000000000s"}};
  for (const auto& [duration_ns, text] : rows) {
    EXPECT_EQ(duration_text(duration_ns), text);
    EXPECT_EQ(parse_duration_ns(text).value_or(-1), duration_ns);
  }
}

TEST(Size, ReadsBytesAndUnits) {
  const std::pair<std::string, std::uint64_t> rows[] = {{"0", 0},
                                                        {"1", 1},
                                                        {"512B", 512},
                                                        {"64KiB", 65536},
                                                        {"64K", 65536},
                                                        {"32MiB", 32 << 20},
                                                        {"32M", 32 << 20},
                                                        {"1GiB", 1 << 30},
                                                        {"2G", std::uint64_t{2} << 30},
                                                        {"00064", 64},
                                                        {"17179869183GiB", 18446744072635809792U}};
  for (const auto& [text, size_bytes] : rows) EXPECT_EQ(parse_size_bytes(text).value_or(99), size_bytes) << text;
}

TEST(Size, RefusesTheRest) {
  for (const std::string text :
       {"", "KiB", "-1", "1.5MiB", "1 KiB", "1kib", "1KB", "1TiB", "17179869184GiB", "18446744073709551616", "1KiB "}) {
    const Result<std::uint64_t> read = parse_size_bytes(text);
    ASSERT_FALSE(read) << text << " " << *read;
    EXPECT_EQ(read.error().message,
              "'" + text + "' is not a size; write bytes (65536) or a whole number with one of KiB, MiB, GiB");
  }
}

TEST(Size, CanonicalTextReadsBack) {
  const std::pair<std::uint64_t, std::string> rows[] = {
      {0, "0"}, {1000, "1000"}, {1024, "1KiB"}, {1536, "1536"}, {32 << 20, "32MiB"}, {std::uint64_t{3} << 30, "3GiB"}};
  for (const auto& [size_bytes, text] : rows) {
    EXPECT_EQ(size_text(size_bytes), text);
    EXPECT_EQ(parse_size_bytes(text).value_or(99), size_bytes);
  }
}

TEST(ParseU64, TakesDigitsAlone) {
  EXPECT_EQ(parse_u64("0"), 0u);
  EXPECT_EQ(parse_u64("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  for (const std::string text : {"", "-1", "+1", " 1", "1 ", "1.0", "0x1", "18446744073709551616", "one"}) {
    EXPECT_EQ(parse_u64(text), std::nullopt) << text;
  }
}

TEST(Printable, KeepsAMessageOneHarmlessLine) {
  EXPECT_EQ(printable("caf\xc3\xa9 'x'"), "caf\xc3\xa9 'x'");
  EXPECT_EQ(printable(std::string_view("a\nb\0c\x1b[31m\x7f", 11)), "a\\x0ab\\x00c\\x1b[31m\\x7f");
  EXPECT_EQ(printable(std::string(100, 'x')), std::string(100, 'x'));
  EXPECT_EQ(printable(std::string(101, 'x')), std::string(100, 'x') + "...");
  // A letter of two bytes is not cut in half.
  EXPECT_EQ(printable(std::string(99, 'x') + "\xc3\xa9z"), std::string(99, 'x') + "...");
}

TEST(Join, PutsSeparatorsBetween) {
  const std::vector<std::string> items = {"a", "", "c"};
  EXPECT_EQ(join(items), "a, , c");
  EXPECT_EQ(join(items, " or ", "'"), "'a' or '' or 'c'");
  EXPECT_EQ(join({}), "");
  EXPECT_EQ(join(std::vector<std::string>{"", "b"}), ", b");
}

TEST(HumanBytes, UsesTheUnitThatKeepsNumbersShort) {
  const std::pair<std::uint64_t, std::string> rows[] = {
      {0, "0 B"},
      {1023, "1023 B"},
      {1024, "1.0 KiB"},
      {1536, "1.5 KiB"},
      {1024 * 1024 - 1, "1.0 MiB"},
      {1024 * 1024, "1.0 MiB"},
      {std::numeric_limits<std::uint64_t>::max(), "16.0 EiB"},
  };
  for (const auto& [size_bytes, text] : rows) EXPECT_EQ(human_bytes(size_bytes), text);
}

TEST(WithThousands, GroupsFromTheEnd) {
  const std::pair<std::uint64_t, std::string> rows[] = {
      {0, "0"}, {999, "999"}, {1000, "1,000"}, {999999, "999,999"}, {1234567, "1,234,567"}};
  for (const auto& [number, text] : rows) EXPECT_EQ(with_thousands(number), text);
}

TEST(Counted, SaysOneOrMany) {
  EXPECT_EQ(counted(0, "packet"), "0 packets");
  EXPECT_EQ(counted(1, "packet"), "1 packet");
  EXPECT_EQ(counted(1000, "packet"), "1,000 packets");
}

}  // namespace
}  // namespace flowgauge
