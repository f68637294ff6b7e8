#include "core/output/row_texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace flowgauge {
namespace {

using Rows = std::array<std::string, RowTexts::kRows>;

// A column of texts: of one character, so many times, a different one in each row.
void add(RowTexts& rows, Rows& expected, char separator, std::size_t size) {
  const RowTexts::Cells cells = rows.column(separator, 1 + size);
  for (std::uint32_t row = 0; row < RowTexts::kRows; ++row) {
    const std::string text(size - (row % 2 == 0 ? 0 : size / 3), static_cast<char>('a' + row));
    cells.end(row, std::copy(text.begin(), text.end(), cells.begin(row)));
    if (separator != '\0') expected[row] += separator;
    expected[row] += text;
  }
}

void expect_rows(const RowTexts& rows, const Rows& expected) {
  for (std::uint32_t row = 0; row < RowTexts::kRows; ++row) EXPECT_EQ(rows.row(row), expected[row]) << row;
}

TEST(RowTexts, RowsGrowAsLongAsTheyMust) {
  RowTexts rows;
  for (int time = 0; time < 3; ++time) {
    rows.begin();
    Rows expected;
    expect_rows(rows, expected);
    add(rows, expected, '\0', 3);
    for (int column = 0; column < 400; ++column) add(rows, expected, ',', 100);
    add(rows, expected, ';', 200'000);
    for (int column = 0; column < 4000; ++column) add(rows, expected, ',', 100);
    expect_rows(rows, expected);
  }
}

TEST(RowTexts, ReadyTextsStandBehindWhatTheirColumnHasBetweenCells) {
  RowTexts rows;
  rows.begin();
  const auto size = [](std::uint64_t bytes) { return bytes << RowTexts::kReadySizeShift; };
  const RowTexts::Cells first = rows.column('\0', 8);
  for (std::uint32_t row = 0; row < RowTexts::kRows; ++row) first.put(row, 0x6261 | size(2));
  const RowTexts::Cells second = rows.column(';', 8);
  for (std::uint32_t row = 0; row < RowTexts::kRows; ++row) {
    const char* const end = second.put(row, row % 2 == 0 ? 0x646300 | size(3) : 0x6500 | size(2));
    EXPECT_EQ(end, rows.row(row).end());
  }
  Rows expected;
  for (std::uint32_t row = 0; row < RowTexts::kRows; ++row) expected[row] = row % 2 == 0 ? "ab;cd" : "ab;e";
  expect_rows(rows, expected);
}

}  // namespace
}  // namespace flowgauge
