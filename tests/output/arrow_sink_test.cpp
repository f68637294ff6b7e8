// Rows as Arrow record batches: what a reader finds in the buffers, batch by batch, and that all memory comes back.
#include "core/output/arrow_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <map>
#include <optional>

#include "core/output/arrow_column.h"
#include "core/output/arrow_schema.h"
#include "tests/support/arrow_metadata.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;

const std::vector<OutputColumn> kOfAllTypes = {
    {"u", FG_U64, FG_UNIT_BYTES, FG_REVEALS_NOTHING}, {"i", FG_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
    {"f", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},  {"b", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING},
    {"s", FG_STRING, FG_UNIT_NONE, FG_REVEALS_PORT},  {"l", FG_LIST_U64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
constexpr std::uint64_t kItems[] = {7, 8, 9};

// Row n of every column is made of n; of `nulls`, each third cell is null, in columns that have nulls.
class MadeRows {
 public:
  MadeRows(std::uint64_t first, std::uint32_t count, bool nulls) : validity_((count + 63) / 64) {
    for (std::uint32_t row = 0; row < count; ++row) {
      const std::uint64_t n = first + row;
      u_.push_back(n * 10);
      i_.push_back(-static_cast<std::int64_t>(n));
      f_.push_back(static_cast<double>(n) / 4);
      b_.push_back(n % 2 == 0 ? 1 : 0);
      texts_.push_back(std::string(n % 5, 'x') + std::to_string(n));
      l_.push_back({kItems, n % 4});
      if (n % 3 != 0) validity_[row / 64] |= std::uint64_t{1} << row % 64;
    }
    for (const std::string& text : texts_) s_.push_back({text.data(), text.size()});
    const void* const cells[] = {u_.data(), i_.data(), f_.data(), b_.data(), s_.data(), l_.data()};
    for (std::size_t i = 0; i < kOfAllTypes.size(); ++i)
      vectors_.push_back({kOfAllTypes[i].type, cells[i], nulls ? validity_.data() : nullptr});
  }
  [[nodiscard]] OutputBatch batch() const { return {static_cast<std::uint32_t>(u_.size()), vectors_}; }

 private:
  std::vector<std::uint64_t> u_;
  std::vector<std::int64_t> i_;
  std::vector<double> f_;
  std::vector<std::uint8_t> b_;
  std::vector<std::string> texts_;
  std::vector<fg_string> s_;
  std::vector<fg_list_u64> l_;
  std::vector<std::uint64_t> validity_;
  std::vector<OutputVector> vectors_;
};

// The same rows as text.
std::string text_of_rows(std::uint64_t first, std::uint64_t count, bool nulls) {
  std::string text;
  for (std::uint64_t n = first; n < first + count; ++n) {
    if (nulls && n % 3 == 0) {
      text += "- - - - - -\n";
      continue;
    }
    text += std::to_string(n * 10) + " " + std::to_string(-static_cast<std::int64_t>(n)) + " " +
            std::to_string(static_cast<double>(n) / 4) + " " + (n % 2 == 0 ? "1" : "0") + " " +
            std::string(n % 5, 'x') + std::to_string(n) + " [";
    for (std::uint64_t item = 0; item < n % 4; ++item) text += std::to_string(kItems[item]) + ";";
    text += "]\n";
  }
  return text;
}

bool bit_of(const void* bits, std::size_t at) {
  return (static_cast<const std::uint8_t*>(bits)[at / 8] >> at % 8 & 1) != 0;
}

std::string cell_text(const ArrowArray& column, fg_type type, std::size_t row) {
  if (column.buffers[0] != nullptr && !bit_of(column.buffers[0], row)) return "-";
  const auto* const offsets = static_cast<const std::int32_t*>(column.buffers[1]);
  switch (type) {
    case FG_F64:
      return std::to_string(static_cast<const double*>(column.buffers[1])[row]);
    case FG_BOOL:
      return bit_of(column.buffers[1], row) ? "1" : "0";
    case FG_STRING:
      return {static_cast<const char*>(column.buffers[2]) + offsets[row],
              static_cast<const char*>(column.buffers[2]) + offsets[row + 1]};
    case FG_LIST_U64:
    case FG_LIST_I64:
    case FG_LIST_F64:
    case FG_LIST_STRING: {
      std::string text = "[";
      for (std::int32_t item = offsets[row]; item < offsets[row + 1]; ++item)
        text += cell_text(*column.children[0], item_type(type), static_cast<std::size_t>(item)) + ";";
      return text + "]";
    }
    default:
      return std::to_string(static_cast<const std::int64_t*>(column.buffers[1])[row]);
  }
}

std::string batch_text(const ArrowArray& batch) {
  std::string text;
  EXPECT_EQ(batch.n_children, static_cast<std::int64_t>(kOfAllTypes.size()));
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.length); ++row)
    for (std::size_t i = 0; i < kOfAllTypes.size(); ++i)
      text += cell_text(*batch.children[i], kOfAllTypes[i].type, row) + (i + 1 < kOfAllTypes.size() ? " " : "\n");
  for (std::size_t i = 0; i < kOfAllTypes.size(); ++i) {
    const ArrowArray& column = *batch.children[i];
    EXPECT_EQ(column.length, batch.length);
    std::int64_t nulls = 0;
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.length); ++row)
      nulls += cell_text(column, kOfAllTypes[i].type, row) == "-" ? 1 : 0;
    EXPECT_EQ(column.null_count, nulls);
  }
  return text;
}

class ArrowSinkTest : public testing::Test {
 protected:
  std::unique_ptr<ArrowBlock> block(std::uint64_t first, std::uint32_t count, bool nulls) {
    auto made = std::make_unique<ArrowBlock>(kOfAllTypes, options);
    made->append(MadeRows(first, count, nulls).batch());
    return made;
  }
  ArrowSink sink() {
    return {kOfAllTypes, options, [this](ArrowArray batch) {
              texts.push_back(batch_text(batch));
              batch.release(&batch);
              EXPECT_EQ(batch.release, nullptr);
              return answer;
            }};
  }

  ArrowOptions options;
  std::vector<std::string> texts;
  SinkState answer = SinkState::kOpen;
};

TEST_F(ArrowSinkTest, BatchesHoldTheRowsInTheirOrder) {
  options.batch_rows = 100;
  {
    ArrowSink rows = sink();
    const auto plain = block(0, 150, false);
    const auto nulls = block(150, 70, true);
    ASSERT_TRUE(rows.write(std::vector<RowRun>{{plain.get(), 0, 150}}));
    ASSERT_TRUE(rows.write(std::vector<RowRun>{{nulls.get(), 0, 70}}));
    EXPECT_EQ(rows.rows(), 200U);
    ASSERT_TRUE(rows.finish(Finish::kComplete, nullptr));
    EXPECT_EQ(rows.rows(), 220U);
    EXPECT_THAT(texts,
                ElementsAre(text_of_rows(0, 100, false), text_of_rows(100, 50, false) + text_of_rows(150, 50, true),
                            text_of_rows(200, 20, true)));
  }
  EXPECT_EQ(options.pool->outstanding(), 0U);
}

TEST_F(ArrowSinkTest, RunsOfSeveralBlocksAreGathered) {
  ArrowSink rows = sink();
  const auto one = block(0, 64, true);
  const auto other = block(64, 64, false);
  ASSERT_TRUE(rows.write(
      std::vector<RowRun>{{one.get(), 0, 3}, {other.get(), 0, 1}, {one.get(), 3, 61}, {other.get(), 1, 63}}));
  ASSERT_TRUE(rows.flush(FlushReach::kSameBytes));
  EXPECT_TRUE(texts.empty()) << "it waits for more";
  ASSERT_TRUE(rows.flush(FlushReach::kAll));
  EXPECT_THAT(texts, ElementsAre(text_of_rows(0, 3, true) + text_of_rows(64, 1, false) + text_of_rows(3, 61, true) +
                                 text_of_rows(65, 63, false)));
}

TEST_F(ArrowSinkTest, ABlockIsCutAndUsedAgain) {
  for (const bool nulls : {false, true})
    for (const std::size_t kept : {0, 1, 8, 63, 64}) {
      const auto used = block(0, 64, nulls);
      used->cut(kept);
      EXPECT_EQ(used->rows(), kept);
      used->append(MadeRows(200, 20, !nulls).batch());
      used->append(MadeRows(300, 20, nulls).batch());
      texts.clear();
      ArrowSink rows = sink();
      ASSERT_TRUE(rows.write(std::vector<RowRun>{{used.get(), 0, used->rows()}}));
      ASSERT_TRUE(rows.finish(Finish::kComplete, nullptr));
      EXPECT_THAT(texts, ElementsAre(text_of_rows(0, kept, nulls) + text_of_rows(200, 20, !nulls) +
                                     text_of_rows(300, 20, nulls)));
    }
}

TEST_F(ArrowSinkTest, WhoWantsNoMoreGetsNoMore) {
  options.batch_rows = 10;
  answer = SinkState::kClosed;
  ArrowSink rows = sink();
  const auto some = block(0, 35, false);
  EXPECT_EQ(rows.write(std::vector<RowRun>{{some.get(), 0, 35}}), SinkState::kClosed);
  EXPECT_EQ(rows.finish(Finish::kKeepPartial, nullptr), SinkState::kClosed);
  EXPECT_EQ(texts.size(), 1U);
  EXPECT_EQ(rows.rows(), 10U);
}

TEST_F(ArrowSinkTest, WhatNoSignedNumberHoldsIsNullAndCounted) {
  const std::uint64_t values[] = {1, std::uint64_t{1} << 63, std::numeric_limits<std::int64_t>::max(), UINT64_MAX};
  const OutputVector cells{FG_U64, values, nullptr};
  ArrowColumn is_signed(FG_U64, UnsignedAs::kInt64, options.pool);
  is_signed.append(cells, 4);
  EXPECT_EQ(is_signed.out_of_range(), 2U);
  EXPECT_FALSE(is_signed.is_null(0));
  EXPECT_TRUE(is_signed.is_null(1));
  EXPECT_FALSE(is_signed.is_null(2));
  EXPECT_TRUE(is_signed.is_null(3));
  ArrowColumn is_unsigned(FG_U64, UnsignedAs::kUint64, options.pool);
  is_unsigned.append(cells, 4);
  EXPECT_EQ(is_unsigned.out_of_range(), 0U);
  ArrowArray array;
  is_unsigned.move_to(array);
  EXPECT_EQ(array.null_count, 0);
  EXPECT_EQ(std::memcmp(array.buffers[1], values, sizeof values), 0);
  array.release(&array);
}

TEST_F(ArrowSinkTest, TextsAreUtf8) {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"all ASCII, of two words", "all ASCII, of two words"},
      {"gr\xc3\xbc\xc3\x9f dich, Welt", "gr\xc3\xbc\xc3\x9f dich, Welt"},
      {"a\xff"
       "b\xc3",
       "a\xef\xbf\xbd"
       "b\xef\xbf\xbd"},
      {"behind eight \xed\xa0\x80", "behind eight \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
  };
  ArrowColumn column(FG_STRING, UnsignedAs::kInt64, options.pool);
  for (const auto& [text, shown] : cases) {
    const fg_string cell{text.data(), text.size()};
    column.append({FG_STRING, &cell, nullptr}, 1);
  }
  ArrowArray array;
  column.move_to(array);
  for (std::size_t row = 0; row < std::size(cases); ++row)
    EXPECT_EQ(cell_text(array, FG_STRING, row), cases[row].second);
  array.release(&array);
}

TEST_F(ArrowSinkTest, AColumnThatWasTakenOutIsReleasedByItself) {
  std::optional<ArrowArray> taken;
  ArrowSink rows(kOfAllTypes, options, [&](ArrowArray batch) {
    taken = *batch.children[5];  // as the specification has it: moved by copying, and marked as released
    batch.children[5]->release = nullptr;
    batch.release(&batch);
    return SinkState::kOpen;
  });
  const auto some = block(0, 9, false);
  ASSERT_TRUE(rows.write(std::vector<RowRun>{{some.get(), 0, 9}}));
  ASSERT_TRUE(rows.finish(Finish::kComplete, nullptr));
  ASSERT_TRUE(taken);
  EXPECT_EQ(cell_text(*taken, FG_LIST_U64, 7), "[7;8;9;]");
  taken->release(&*taken);
}

TEST(ArrowLists, OfSignedNumbersRealsAndTexts) {
  const std::vector<OutputColumn> columns = {{"i", FG_LIST_I64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
                                             {"f", FG_LIST_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
                                             {"s", FG_LIST_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
  constexpr std::int64_t kNumbers[] = {-1, 2};
  constexpr double kReals[] = {0.5, -2};
  constexpr fg_string kTexts[] = {{"ab", 2}, {"", 0}, {"c", 1}};
  const fg_list_i64 numbers[] = {{kNumbers, 2}, {nullptr, 0}};
  const fg_list_f64 reals[] = {{nullptr, 0}, {kReals, 2}};
  const fg_list_string texts[] = {{kTexts, 3}, {kTexts, 1}};
  const OutputVector vectors[] = {
      {FG_LIST_I64, numbers, nullptr}, {FG_LIST_F64, reals, nullptr}, {FG_LIST_STRING, texts, nullptr}};
  const auto pool = std::make_shared<BufferPool>();
  std::vector<std::string> cells;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    ArrowColumn first(columns[c].type, UnsignedAs::kInt64, pool);
    first.append(vectors[c], 2);
    ArrowColumn all(columns[c].type, UnsignedAs::kInt64, pool);
    all.append(first, 1, 1);
    all.append(first, 0, 2);
    all.cut(2);
    ArrowArray array;
    all.move_to(array);
    for (std::size_t row = 0; row < 2; ++row) cells.push_back(cell_text(array, columns[c].type, row));
    array.release(&array);
  }
  EXPECT_THAT(cells, ElementsAre("[]", "[-1;2;]", "[0.500000;-2.000000;]", "[]", "[ab;]", "[ab;;c;]"));

  ArrowSchema schema = arrow_schema(columns, UnsignedAs::kInt64);
  std::vector<std::string> formats;
  for (int c = 0; c < 3; ++c) formats.emplace_back(schema.children[c]->children[0]->format);
  EXPECT_THAT(formats, ElementsAre("l", "g", "u"));
  schema.release(&schema);
}

TEST(ArrowSchemaOfColumns, TellsTypesAndWhatColumnsMean) {
  TableNotes notes{.table = {{"flowgauge.schema", "basic"}}, .columns = std::vector<Notes>(kOfAllTypes.size())};
  notes.columns[0] = {{"flowgauge.expression", "flow.bytes"}};
  ArrowSchema schema = arrow_schema(kOfAllTypes, UnsignedAs::kInt64, notes);
  EXPECT_STREQ(schema.format, "+s");
  EXPECT_EQ(arrow_metadata(schema.metadata), (std::map<std::string, std::string>{{"flowgauge.schema", "basic"}}));
  ASSERT_EQ(schema.n_children, 6);
  std::string formats;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(schema.children[i]->name, kOfAllTypes[static_cast<std::size_t>(i)].name);
    EXPECT_EQ(schema.children[i]->flags, ARROW_FLAG_NULLABLE);
    formats += std::string(schema.children[i]->format) + " ";
  }
  EXPECT_EQ(formats, "l l g b u +l ");
  EXPECT_EQ(arrow_metadata(schema.children[0]->metadata),
            (std::map<std::string, std::string>{
                {"flowgauge.unit", "B"}, {"flowgauge.classes", ""}, {"flowgauge.expression", "flow.bytes"}}));
  EXPECT_EQ(arrow_metadata(schema.children[4]->metadata).at("flowgauge.classes"), "port");
  ASSERT_EQ(schema.children[5]->n_children, 1);
  EXPECT_STREQ(schema.children[5]->children[0]->format, "l");
  schema.release(&schema);
  EXPECT_EQ(schema.release, nullptr);

  ArrowSchema is_unsigned = arrow_schema(kOfAllTypes, UnsignedAs::kUint64);
  EXPECT_STREQ(is_unsigned.children[0]->format, "L");
  is_unsigned.release(&is_unsigned);
}

}  // namespace
}  // namespace flowgauge
