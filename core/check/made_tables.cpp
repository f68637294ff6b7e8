#include "core/check/made_tables.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

#include "core/output/arrow_schema.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kUsualRowsOfBatch = 8192;
constexpr std::size_t kLongText = std::size_t{64} * 1024;

std::vector<OutputColumn> columns_for(fg_takes takes) {
  std::vector<OutputColumn> columns = {{"packets", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
                                       {"first gap", FG_U64, FG_UNIT_US, FG_REVEALS_TIME},
                                       {"Balance", FG_I64, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
                                       {"rate/s", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING},
                                       {"is_closed", FG_BOOL, FG_UNIT_NONE, FG_REVEALS_NOTHING},
                                       {"the \"name\", it's", FG_STRING, FG_UNIT_NONE, FG_REVEALS_IDENTITY},
                                       {"Gr\xc3\xb6\xc3\x9f"
                                        "e",
                                        FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
  if ((takes & FG_TAKES_LISTS) != 0)
    for (const auto& [name, type] : {std::pair("lengths", FG_LIST_U64), std::pair("signed", FG_LIST_I64),
                                     std::pair("gaps", FG_LIST_F64), std::pair("names", FG_LIST_STRING)})
      columns.push_back({name, static_cast<fg_type>(type), FG_UNIT_NONE, FG_REVEALS_NOTHING});
  return columns;
}

std::uint64_t chance_of(std::uint64_t number) {
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

std::uint64_t number_of(fg_type type, std::uint64_t chance, UnsignedAs unsigned_as) {
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  constexpr std::array kReals = {0.0, -0.0, 1e308, -1e308, 5e-324, 0.1};
  const std::uint64_t which = chance % 8;
  const std::uint64_t small = chance / 8 % 1'000'000;
  if (type == FG_F64) {
    const double real = which < kReals.size() ? kReals[which] : static_cast<double>(small) / 1000;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &real, sizeof bits);
    return bits;
  }
  if (which == 0) return 0;
  if (which == 1) return type == FG_U64 && unsigned_as == UnsignedAs::kUint64 ? ~std::uint64_t{0} : kMost;
  if (type == FG_I64 && which == 2) return kMost + 1;  // the least
  return type == FG_I64 && which == 3 ? ~small : small;
}

std::string text_of(std::uint64_t chance, bool is_long) {
  if (is_long) return std::string(kLongText, 'x');
  constexpr std::array<std::string_view, 7> kTexts = {
      "", "tcp", "two words", "a \"quote\", it's; --", "a line\nand a\ttab", "Gr\xc3\xbc\xc3\x9f\x65 \xe2\x82\xac",
      "7"};
  return std::string(kTexts[chance % kTexts.size()]);
}

void append_word(std::vector<std::byte>& to, const void* word, std::size_t bytes) {
  const auto* const from = static_cast<const std::byte*>(word);
  to.insert(to.end(), from, from + bytes);
}

void set_bit_at(std::vector<std::byte>& bits, std::size_t at) {
  bits[at / 8] |= std::byte{static_cast<unsigned char>(1U << at % 8)};
}

}  // namespace

std::vector<MadeTable> made_tables(const Sink& sink) {
  const std::uint32_t whole = sink.table.batch_rows == 0 ? kUsualRowsOfBatch : sink.table.batch_rows;
  std::vector<MadeTable> tables = {{.name = "without rows", .batch_rows = {}},
                                   {.name = "of one row", .batch_rows = {1}},
                                   {.name = "of many batches", .batch_rows = std::vector<std::uint32_t>(40, 8)},
                                   {.name = "of batches of many sizes", .batch_rows = {64, 1, 7, 256, 33}},
                                   {.name = "without a value", .batch_rows = {9, 9}, .all_null = true},
                                   {.name = "of a live run", .batch_rows = {1, 3, 1, 8}, .is_live = true},
                                   {.name = "of a batch as large as they come", .batch_rows = {whole}}};
  for (MadeTable& table : tables)
    for (std::uint32_t& rows : table.batch_rows) rows = std::min(rows, whole);
  return tables;
}

std::uint64_t rows_of(const MadeTable& table) {
  std::uint64_t all = 0;
  for (const std::uint32_t rows : table.batch_rows) all += rows;
  return all;
}

MadeSchema::MadeSchema(fg_takes takes)
    : unsigned_as_((takes & FG_TAKES_UNSIGNED) != 0 ? UnsignedAs::kUint64 : UnsignedAs::kInt64),
      columns_(columns_for(takes)),
      schema_(arrow_schema(columns_, unsigned_as_)) {}

// An array and the memory that it shows.
struct MadeBatches::Node {
  MadeBatches* owner = nullptr;
  std::vector<LentMemory::Piece> pieces;
  bool is_batch = false;
};

// The bytes of an array's buffers, before they are put where the sink sees them.
struct MadeBatches::Cells {
  std::uint64_t rows = 0;
  std::uint64_t nulls = 0;
  std::vector<std::vector<std::byte>> buffers;  // an empty one is shown as NULL
  std::vector<Cells> children;
};

MadeBatches::MadeBatches(const MadeSchema& schema, const MadeTable& table, std::uint64_t seed, Traps traps)
    : schema_(schema), table_(table), seed_(seed), memory_(traps) {}

MadeBatches::~MadeBatches() = default;

// Columns in turn have none and some.
bool MadeBatches::is_null(std::uint64_t column, std::uint64_t row) const {
  return table_.all_null || (column % 2 == 1 && chance_of(seed_ + row * 64 + column) % 3 == 0);
}

MadeBatches::Cells MadeBatches::cells_of(fg_type type, std::uint64_t column, std::uint64_t first,
                                         std::uint64_t count) const {
  constexpr std::uint64_t kListItems = 64;  // the columns of items: those of lists, from here on; never null
  constexpr std::uint64_t kRowsToLongText = 1000;
  const bool are_items = column >= kListItems;
  const bool is_varied = type == FG_STRING || is_list(type);
  const std::size_t bitmap_bytes = (count + 7) / 8;
  Cells cells{.rows = count, .buffers = std::vector<std::vector<std::byte>>(type == FG_STRING ? 3 : 2)};
  std::vector<std::byte> validity(bitmap_bytes);
  auto& values = cells.buffers[1];
  if (type == FG_BOOL) values.resize(bitmap_bytes);
  std::int32_t end = 0;
  if (is_varied) append_word(values, &end, sizeof end);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t row = first + i;
    const bool null = !are_items && is_null(column, row);
    const std::uint64_t chance = null ? 0 : chance_of(seed_ * 977 + row * 128 + column);
    if (null)
      ++cells.nulls;
    else
      set_bit_at(validity, i);
    if (type == FG_BOOL) {
      if (chance % 2 == 1) set_bit_at(values, i);
    } else if (is_varied) {
      std::string text;
      if (type == FG_STRING && !null) text = text_of(chance, !are_items && row % kRowsToLongText == 5);
      append_word(cells.buffers.back(), text.data(), type == FG_STRING ? text.size() : 0);
      end += static_cast<std::int32_t>(type == FG_STRING ? text.size() : chance % 4);
      append_word(values, &end, sizeof end);
    } else {
      const std::uint64_t number = null ? 0 : number_of(type, chance, schema_.unsigned_as());
      append_word(values, &number, sizeof number);
    }
  }
  if (cells.nulls > 0) cells.buffers[0] = std::move(validity);
  if (is_list(type))
    cells.children.push_back(
        cells_of(item_type(type), column + kListItems, first * 4, static_cast<std::uint64_t>(end)));
  return cells;
}

void MadeBatches::make_array(const Cells& cells, ArrowArray& array) {
  Node& node = *nodes_.emplace_back(std::make_unique<Node>(this));
  std::vector<const void*> buffers;
  for (const std::vector<std::byte>& bytes : cells.buffers) {
    if (bytes.empty()) {
      buffers.push_back(nullptr);
      continue;
    }
    node.pieces.push_back(memory_.put(bytes, LentMemory::Access::kReadOnly));
    buffers.push_back(node.pieces.back().begin);
  }
  std::vector<ArrowArray> children(cells.children.size());
  for (std::size_t i = 0; i < children.size(); ++i) make_array(cells.children[i], children[i]);
  // The arrays themselves are the sink's to change: it may take children out, and marks them as released.
  const auto shown = [&](const auto& items) {
    node.pieces.push_back(memory_.put(std::as_bytes(std::span(items)), LentMemory::Access::kWritable));
    return node.pieces.back().begin;
  };
  auto* const first_child = reinterpret_cast<ArrowArray*>(shown(children));
  std::vector<ArrowArray*> pointers;
  for (std::size_t i = 0; i < children.size(); ++i) pointers.push_back(first_child + i);
  array = {.length = static_cast<std::int64_t>(cells.rows),
           .null_count = static_cast<std::int64_t>(cells.nulls),
           .offset = 0,
           .n_buffers = static_cast<std::int64_t>(buffers.size()),
           .n_children = static_cast<std::int64_t>(children.size()),
           .buffers = reinterpret_cast<const void**>(shown(buffers)),
           .children = children.empty() ? nullptr : reinterpret_cast<ArrowArray**>(shown(pointers)),
           .dictionary = nullptr,
           .release = release,
           .private_data = &node};
}

ArrowArray MadeBatches::next(std::uint32_t rows) {
  Cells batch{.rows = rows, .buffers = {{}}};
  for (std::size_t i = 0; i < schema_.columns().size(); ++i)
    batch.children.push_back(cells_of(schema_.columns()[i].type, i, rows_, rows));
  rows_ += rows;
  ArrowArray array;
  make_array(batch, array);
  static_cast<Node*>(array.private_data)->is_batch = true;
  ++kept_;
  return array;
}

void MadeBatches::release(ArrowArray* array) {
  const Node& node = *static_cast<const Node*>(array->private_data);
  for (std::int64_t i = 0; i < array->n_children; ++i)
    if (ArrowArray* const child = array->children[i]; child->release != nullptr) child->release(child);
  array->release = nullptr;
  for (const LentMemory::Piece& piece : node.pieces) node.owner->memory_.take_back(piece);
  if (node.is_batch) --node.owner->kept_;
}

}  // namespace flowgauge
