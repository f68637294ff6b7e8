#include "core/plugin/column_batch.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/table/lab.h"

namespace flowgauge {
namespace {

TEST(ColumnBatch, OnlyWantedColumnsHaveCells) {
  const Lab lab;
  const CatalogColumn* const text = lab.catalog().find("misc.nt");
  const CatalogColumn* const series = lab.catalog().find("stats.s");
  const std::vector<const CatalogColumn*> wanted = {text, series, text};
  const ColumnBatch batch(wanted, 100);
  const auto misc = batch.vectors(*text->feature);
  ASSERT_EQ(misc.size(), text->feature->columns.size());
  for (std::uint32_t i = 0; i < misc.size(); ++i) EXPECT_EQ(misc[i].cells != nullptr, i == text->index) << i;
  EXPECT_NE(batch.vector(*text).validity, nullptr);
  EXPECT_EQ(batch.vector(*series).validity, nullptr);
  EXPECT_TRUE(batch.vectors(*lab.catalog().find_feature("flow")).empty());
  EXPECT_EQ(batch.vector(*lab.catalog().find("flow.id")).cells, nullptr);
}

TEST(ColumnBatch, BeginGivesZeroesAtTheSamePlace) {
  const Lab lab;
  std::vector<const CatalogColumn*> wanted;
  for (const char* name : {"misc.b", "misc.nu", "stats.s", "misc.t", "misc.nt", "misc.l", "misc.d"}) {
    wanted.push_back(lab.catalog().find(name));
  }
  constexpr std::uint32_t kRows = 65;
  ColumnBatch batch(wanted, kRows);
  const fg_vector before = batch.vector(*wanted[1]);
  for (const std::uint32_t rows : {kRows, 1U, 64U, kRows}) {
    batch.begin(rows);
    EXPECT_EQ(batch.rows(), rows);
    for (const CatalogColumn* column : wanted) {
      const fg_vector vector = batch.vector(*column);
      const std::size_t size = cell_bytes(column->column().type);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(vector.cells) % 16, 0U);
      const std::string zeroes(size * rows, '\0');
      EXPECT_EQ(std::memcmp(vector.cells, zeroes.data(), zeroes.size()), 0) << column->full_name;
      std::memset(vector.cells, 0xff, size * kRows);  // what the next use must not see
      if (vector.validity == nullptr) continue;
      for (std::uint32_t row = 0; row < rows; ++row) EXPECT_EQ(vector.validity[row / 64] >> (row % 64) & 1U, 0U);
      std::memset(vector.validity, 0xff, 16);
    }
  }
  EXPECT_EQ(batch.vector(*wanted[1]).cells, before.cells);
  EXPECT_EQ(batch.vector(*wanted[1]).validity, before.validity);
}

}  // namespace
}  // namespace flowgauge
