#include "core/plugin/cells.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/plugin/cell_notes.h"
#include "tests/plugin/memory_feature.h"

namespace flowgauge {
namespace {

using test::FeatureSpec;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

Settled settle(const fg_column& column, const fg_vector& vector, std::span<const std::int64_t> start_ns) {
  Arena arena;
  return settle_cells(column, vector, start_ns, {arena, nullptr});
}

TEST(Cells, TimesBecomeAbsolute) {
  std::array<std::int64_t, 5> cells = {5, -7, FG_NEVER, kMost, kLeast + 1};
  const std::array<std::int64_t, 5> starts = {1'000, 1'000, 1'000, 1'000, -1'000};
  settle(FeatureSpec::column("t", FG_TIME), {cells.data(), nullptr}, starts);
  EXPECT_EQ(cells, (std::array<std::int64_t, 5>{1'005, 993, 0, kMost, kLeast}));
}

TEST(Cells, ANullTimeIsNoTime) {
  std::array<std::int64_t, 2> cells = {5, 5};
  std::uint64_t validity = 0b10;
  const std::array<std::int64_t, 2> starts = {1'000, 2'000};
  settle(FeatureSpec::column("t", FG_TIME, FG_NULLABLE), {cells.data(), &validity}, starts);
  EXPECT_EQ(cells, (std::array<std::int64_t, 2>{0, 2'005}));
}

TEST(Cells, DoublesAreFinite) {
  std::array<double, 4> cells = {1.5, std::nan(""), HUGE_VAL, -HUGE_VAL};
  const std::array<std::int64_t, 4> starts{};
  EXPECT_EQ(settle(FeatureSpec::column("d", FG_F64), {cells.data(), nullptr}, starts).not_finite, 3u);
  EXPECT_EQ(cells, (std::array<double, 4>{1.5, 0, 0, 0}));
  EXPECT_EQ(note_texts("x.so: column 'a.d'", {.not_finite = 1}),
            std::vector<std::string>{"x.so: column 'a.d': 1 cell with NaN or infinity, written as 0; tell its author"});
}

TEST(Cells, BooleansAreZeroOrOne) {
  std::array<std::uint8_t, 3> cells = {0, 1, 200};
  const std::array<std::int64_t, 3> starts{};
  settle(FeatureSpec::column("b", FG_BOOL), {cells.data(), nullptr}, starts);
  EXPECT_EQ(cells, (std::array<std::uint8_t, 3>{0, 1, 1}));
}

constexpr char kConstant[] = "in a constant segment";
const std::array<std::int64_t, 1> kOneRow{};

class CellPlaces : public testing::Test {
 protected:
  CellPlaces() {
    constants_.add_constants_of(&kConstant);
    arena_.begin_call(1);
  }
  CellFault text(const char* data, std::uint64_t size_bytes) {
    cell_ = {data, size_bytes};
    return settle_cells(FeatureSpec::column("s", FG_STRING), {&cell_, nullptr}, kOneRow, {arena_, &constants_}).fault;
  }
  CellFault list(const std::uint64_t* data, std::uint64_t size) {
    fg_list_u64 cell{data, size};
    return settle_cells(FeatureSpec::column("l", FG_LIST_U64), {&cell, nullptr}, kOneRow, {arena_, &constants_}).fault;
  }

  Arena arena_;
  StaticMemory constants_;
  fg_string cell_{};
};

TEST_F(CellPlaces, TextWithoutDataIsEmpty) {
  EXPECT_EQ(text(nullptr, 9), CellFault::kNone);
  EXPECT_EQ(cell_.size_bytes, 0u);
}

// What was judged once is a constant's alone: another text may stand elsewhere next time.
TEST_F(CellPlaces, OnlyConstantsAreKnown) {
  KnownTexts known;
  const CellSource source{arena_, &constants_, &known};
  const fg_column column = FeatureSpec::column("s", FG_STRING);
  auto* memory = static_cast<char*>(arena_.allocate(0, 8));
  std::fill_n(memory, 8, 'x');
  for (int call = 0; call < 2; ++call) {
    std::array<fg_string, 2> cells = {fg_string{memory, 8}, fg_string{kConstant, 5}};
    const std::array<std::int64_t, 2> starts{};
    const Settled settled = settle_cells(column, {cells.data(), nullptr}, starts, source);
    EXPECT_EQ(settled.repaired, call == 0 ? 0u : 1u);
    EXPECT_EQ(std::string_view(cells[1].data, cells[1].size_bytes), "in a ");
    memory[3] = '\0';
  }
  EXPECT_TRUE(known.has({kConstant, 5}));
  EXPECT_FALSE(known.has({kConstant, 4}));
  EXPECT_FALSE(known.has({memory, 8}));
}

TEST_F(CellPlaces, ArenaConstantsAndNothingAreAllowed) {
  auto* memory = static_cast<char*>(arena_.allocate(0, 16));
  std::fill_n(memory, 16, 'x');
  EXPECT_EQ(text(memory, 16), CellFault::kNone);
  EXPECT_EQ(text(memory + 3, 13), CellFault::kNone);
  EXPECT_EQ(text(kConstant, sizeof kConstant - 1), CellFault::kNone);
  EXPECT_EQ(text(nullptr, 5), CellFault::kNone);
  EXPECT_EQ(text(reinterpret_cast<const char*>(8), 0), CellFault::kNone);
  EXPECT_EQ(list(reinterpret_cast<const std::uint64_t*>(memory), 2), CellFault::kNone);
}

TEST_F(CellPlaces, ListsOfOtherItemsAreJudgedToo) {
  auto* numbers = static_cast<std::int64_t*>(arena_.allocate(0, 16));
  fg_list_i64 outside{numbers, 3};
  const fg_column integers = FeatureSpec::column("i", FG_LIST_I64);
  EXPECT_EQ(settle_cells(integers, {&outside, nullptr}, kOneRow, {arena_, &constants_}).fault, CellFault::kElsewhere);
  fg_list_string long_list{reinterpret_cast<const fg_string*>(numbers), 4097};  // of 16 bytes each
  const fg_column texts = FeatureSpec::column("t", FG_LIST_STRING);
  EXPECT_EQ(settle_cells(texts, {&long_list, nullptr}, kOneRow, {arena_, &constants_}).fault, CellFault::kTooLong);
}

TEST_F(CellPlaces, ItemsThatAreNotFiniteBecome0InACopy) {
  auto* items = static_cast<double*>(arena_.allocate(0, 24));
  items[0] = 1.5;
  items[1] = std::numeric_limits<double>::quiet_NaN();
  items[2] = -std::numeric_limits<double>::infinity();
  fg_list_f64 cell{items, 3};
  const Settled settled =
      settle_cells(FeatureSpec::column("d", FG_LIST_F64), {&cell, nullptr}, kOneRow, {arena_, &constants_});
  EXPECT_EQ(settled.not_finite, 2u);
  EXPECT_EQ(std::vector<double>(cell.data, cell.data + cell.size), (std::vector<double>{1.5, 0, 0}));
  EXPECT_NE(cell.data, items) << "it may be a constant";
}

TEST_F(CellPlaces, TextsOfAListAreJudgedAndRepaired) {
  const fg_column column = FeatureSpec::column("t", FG_LIST_STRING);
  auto* bad = static_cast<char*>(arena_.allocate(0, 8));
  bad[0] = 'a';
  bad[1] = static_cast<char>(0xff);
  auto* items = static_cast<fg_string*>(arena_.allocate(0, 3 * sizeof(fg_string)));
  items[0] = {kConstant, 2};
  items[1] = {bad, 2};
  items[2] = {reinterpret_cast<const char*>(8), 0};
  fg_list_string cell{items, 3};
  const Settled settled = settle_cells(column, {&cell, nullptr}, kOneRow, {arena_, &constants_});
  EXPECT_EQ(settled.fault, CellFault::kNone);
  EXPECT_EQ(settled.repaired, 1u);
  EXPECT_EQ(std::string(cell.data[0].data, cell.data[0].size_bytes), "in");
  EXPECT_EQ(std::string(cell.data[1].data, cell.data[1].size_bytes), "a\xef\xbf\xbd");
  EXPECT_EQ(cell.data[2].data, nullptr);

  const std::string heap(100, 'h');
  items[1] = {heap.data(), heap.size()};
  fg_list_string elsewhere{items, 3};
  EXPECT_EQ(settle_cells(column, {&elsewhere, nullptr}, kOneRow, {arena_, &constants_}).fault, CellFault::kElsewhere);
}

TEST_F(CellPlaces, AllElseIsAFault) {
  auto* memory = static_cast<char*>(arena_.allocate(0, 16));
  const std::string heap(100, 'h');
  EXPECT_EQ(text(heap.data(), heap.size()), CellFault::kElsewhere);
  EXPECT_EQ(text(memory, 17), CellFault::kElsewhere);
  EXPECT_EQ(text(memory - 1, 2), CellFault::kElsewhere);
  EXPECT_EQ(text(reinterpret_cast<const char*>(8), 1), CellFault::kElsewhere);
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  EXPECT_EQ(text(reinterpret_cast<const char*>(UINTPTR_MAX - 3), 100), CellFault::kElsewhere);
  EXPECT_EQ(text(memory, UINT64_MAX), CellFault::kTooLong);
  EXPECT_EQ(text(kConstant, 65537), CellFault::kTooLong);
  // 8 times this is 16.
  EXPECT_EQ(list(reinterpret_cast<const std::uint64_t*>(memory), (std::uint64_t{1} << 61U) + 2), CellFault::kTooLong);
  EXPECT_EQ(list(reinterpret_cast<const std::uint64_t*>(memory), 3), CellFault::kElsewhere);
}

TEST_F(CellPlaces, MemoryOfAnEarlierCallIsElsewhere) {
  auto* memory = static_cast<char*>(arena_.allocate(0, 16));
  arena_.begin_call(1);
  EXPECT_EQ(text(memory, 16), CellFault::kElsewhere);
  EXPECT_EQ(fault_text(CellFault::kElsewhere, FeatureSpec::column("s", FG_STRING)),
            "column 's' has a text that lies neither in memory of arena_alloc nor in the plugin's constants");
  EXPECT_EQ(fault_text(CellFault::kTooLong, FeatureSpec::column("l", FG_LIST_U64)),
            "column 'l' has a list of more than 65536 bytes");
}

TEST_F(CellPlaces, WhatIsNoTextIsRepairedBeyondTheRowsAllowance) {
  auto* memory = static_cast<char*>(arena_.allocate(0, FG_ROW_BYTES));
  std::fill_n(memory, FG_ROW_BYTES, '\xff');
  EXPECT_EQ(text(memory, FG_ROW_BYTES), CellFault::kNone);
  EXPECT_EQ(cell_.size_bytes, 3 * FG_ROW_BYTES);
  EXPECT_EQ(std::string_view(cell_.data, 6), "\xef\xbf\xbd\xef\xbf\xbd");
}

TEST_F(CellPlaces, NullCellsAreEmptyWhateverStandsThere) {
  std::uint64_t validity = 0;
  fg_string cell{reinterpret_cast<const char*>(8), 100};
  const Settled settled = settle_cells(FeatureSpec::column("s", FG_STRING, FG_NULLABLE), {&cell, &validity}, kOneRow,
                                       {arena_, &constants_});
  EXPECT_EQ(settled.fault, CellFault::kNone);
  EXPECT_EQ(cell.size_bytes, 0U);
}

}  // namespace
}  // namespace flowgauge
