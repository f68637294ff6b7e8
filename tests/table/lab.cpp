#include "tests/table/lab.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "core/table/derived_columns.h"

namespace flowgauge {
namespace {

fg_column column(const char* name, fg_type type, fg_contamination reveals = FG_REVEALS_NOTHING,
                 fg_unit unit = FG_UNIT_NONE, fg_contamination extremes = FG_REVEALS_NOTHING) {
  return {name, "A column.", type, unit, reveals, extremes, 0, 0};
}

fg_column nullable(fg_column column) {
  column.flags |= FG_NULLABLE;
  return column;
}

// What a test may hand over as memory lives to its end.
template <class T>
const T* kept(T value) {
  static std::deque<T> all;
  return &all.emplace_back(std::move(value));
}

template <class Out>
Out number(const Cell& cell) {
  return std::visit(
      [](const auto& value) -> Out {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>) {
          return static_cast<Out>(value);
        } else {
          throw std::logic_error("the cell of a test has the wrong type");
        }
      },
      cell);
}

void put(const fg_vector& vector, fg_type type, std::uint32_t row, const Cell& cell) {
  if (std::holds_alternative<Null>(cell)) return;
  if (vector.validity != nullptr) vector.validity[row / 64] |= std::uint64_t{1} << (row % 64);
  switch (type) {
    case FG_U64:
      static_cast<std::uint64_t*>(vector.cells)[row] = number<std::uint64_t>(cell);
      return;
    case FG_I64:
    case FG_TIME:
      static_cast<std::int64_t*>(vector.cells)[row] = number<std::int64_t>(cell);
      return;
    case FG_F64:
      static_cast<double*>(vector.cells)[row] = number<double>(cell);
      return;
    case FG_BOOL:
      static_cast<std::uint8_t*>(vector.cells)[row] = number<std::uint8_t>(cell);
      return;
    case FG_STRING: {
      const std::string* text = kept(std::get<std::string>(cell));
      static_cast<fg_string*>(vector.cells)[row] = {text->data(), text->size()};
      return;
    }
    case FG_LIST_U64: {
      const auto* list = kept(std::get<std::vector<std::uint64_t>>(cell));
      static_cast<fg_list_u64*>(vector.cells)[row] = {list->data(), list->size()};
      return;
    }
    default:
      static_cast<fg_series*>(vector.cells)[row] = std::get<fg_series>(cell);
  }
}

}  // namespace

Lab::Lab() {
  module_.path = "lab.so";
  module_.name = "lab";
  add("flow",
      {column("id", FG_STRING, FG_REVEALS_IDENTITY | FG_REVEALS_PORT), column("src_ip", FG_STRING, FG_REVEALS_IDENTITY),
       column("src_port", FG_U64, FG_REVEALS_PORT), column("dst_port", FG_U64, FG_REVEALS_PORT),
       column("protocol", FG_U64), column("first_seen", FG_I64, FG_REVEALS_TIME, FG_UNIT_NS),
       column("last_seen", FG_I64, FG_REVEALS_TIME, FG_UNIT_NS), column("end_reason_text", FG_STRING, FG_REVEALS_TOOL),
       column("handshake", FG_BOOL)},
      true);
  add("timing",
      {column("fwd_first", FG_TIME, FG_REVEALS_NOTHING, FG_UNIT_NS),
       column("fwd_last", FG_TIME, FG_REVEALS_NOTHING, FG_UNIT_NS),
       column("bwd_first", FG_TIME, FG_REVEALS_NOTHING, FG_UNIT_NS),
       column("bwd_last", FG_TIME, FG_REVEALS_NOTHING, FG_UNIT_NS)},
      false);
  add("misc",
      {column("u", FG_U64), column("v", FG_U64), column("i", FG_I64), column("j", FG_I64), column("d", FG_F64),
       column("e", FG_F64), column("b", FG_BOOL), column("t", FG_STRING), column("l", FG_LIST_U64),
       nullable(column("nu", FG_U64)), nullable(column("ni", FG_I64)), nullable(column("nt", FG_STRING)),
       column("clock", FG_I64, FG_REVEALS_TIME, FG_UNIT_NS)},
      false);
  add("stats", {column("s", FG_SERIES), column("h", FG_SERIES, FG_REVEALS_NOTHING, FG_UNIT_BYTES, FG_REVEALS_OS)},
      false);
  add("sniffer", {column("x", FG_U64)}, false, FG_NEEDS_KEY);
}

void Lab::add(std::string name, std::vector<fg_column> columns, bool is_host, fg_needs needs) {
  Feature& feature = features_.emplace_back();
  feature.name = std::move(name);
  feature.columns = std::move(columns);
  feature.table.needs = needs;
  feature.module = is_host ? nullptr : &module_;
  const auto added = catalog_.add(feature);
  if (!added) throw std::logic_error(added.error().message);
}

SchemaDefinition Lab::schema(std::vector<SchemaEntry> entries) {
  SchemaDefinition definition;
  definition.name = "tried";
  definition.version = "1";
  definition.origin = "tried.so";
  definition.entries = std::move(entries);
  return definition;
}

Result<BoundSchema> Lab::bind(const SchemaDefinition& definition, fg_contamination excluded) const {
  return bind_schema(definition, catalog_, excluded);
}

std::string Lab::rows(const BoundSchema& schema, const Cells& cells, TableFormat format, std::uint32_t capacity) const {
  std::vector<const CatalogColumn*> columns = schema.needed;
  const auto derived = bind_derived(columns, catalog_);
  if (!derived) return derived.error().message;
  ColumnBatch batch(columns, capacity);
  DerivedColumns derived_columns(*derived, batch);
  std::size_t rows = 1;
  for (const auto& [name, values] : cells) rows = std::max(rows, values.size());
  batch.begin(static_cast<std::uint32_t>(rows));
  for (const auto& [name, values] : cells) {
    const CatalogColumn* const catalog_column = catalog_.find(name);
    if (catalog_column == nullptr) throw std::logic_error("no column " + name);
    const fg_vector vector = batch.vector(*catalog_column);
    if (vector.cells == nullptr) continue;
    for (std::uint32_t row = 0; row < values.size(); ++row)
      put(vector, catalog_column->column().type, row, values[row]);
  }
  SchemaEvaluator evaluator(schema, batch);
  Arena arena;
  if (const auto made = derived_columns.make(arena); !made) return made.error().message;
  const auto output = evaluator.evaluate(arena);
  if (!output) return output.error().message;
  std::string text;
  std::vector<std::size_t> ends;
  Encoder(format, schema.columns).append(*output, text, ends);
  EXPECT_EQ(ends.size(), rows);
  return text;
}

std::string Lab::value(const std::string& expression, fg_type type, const Cells& cells) const {
  // With a column beside it: the only cell of a row is written as "" where it is empty.
  const auto bound = bind(schema({{"x", expression, type}, {"end", "'.'", FG_STRING}}));
  if (!bound) return bound.error().message;
  std::string text = rows(*bound, cells);
  for (std::size_t end = 0; (end = text.find(",.\n", end)) != std::string::npos;) text.replace(end, 3, "|");
  text.pop_back();
  return text;
}

std::string Lab::error(const std::string& expression, fg_type type) const {
  const std::string message = message_of(bind(schema({{"x", expression, type}})));
  const std::string start = "tried.so: schema 'tried', column 'x': \"" + expression + "\", character ";
  return message.starts_with(start) ? message.substr(start.size()) : message;
}

}  // namespace flowgauge
