// Expressions of schemas: read, bound, and run. An input is an expression, a line feed, and the cells that it meets.
#include <cmath>

#include "core/plugin/contamination_classes.h"
#include "core/table/schema.h"
#include "core/table/schema_evaluator.h"
#include "tests/fuzz/cells.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::kCellRows;
using flowgauge::test::must_hold;

struct Known {
  flowgauge::Feature feature = flowgauge::test::cell_feature();
  flowgauge::Catalog catalog;
  Known() { must_hold(catalog.add(feature).has_value(), "the feature of this target is one"); }
};

// A cell's bytes: texts and lists by what they hold.
std::string cell(const flowgauge::OutputVector& vector, std::uint32_t row) {
  if (vector.is_null(row)) return "null";
  switch (vector.type) {
    case FG_STRING: {
      const auto text = static_cast<const fg_string*>(vector.cells)[row];
      return "'" + std::string(text.data, text.size_bytes);
    }
    case FG_LIST_U64: {
      const auto list = static_cast<const fg_list_u64*>(vector.cells)[row];
      return "[" + std::string(reinterpret_cast<const char*>(list.data), list.size * sizeof *list.data);
    }
    case FG_BOOL: {
      const auto value = static_cast<const std::uint8_t*>(vector.cells)[row];
      must_hold(value <= 1, "a boolean is 0 or 1");
      return std::to_string(value);
    }
    case FG_F64: {
      const double value = static_cast<const double*>(vector.cells)[row];
      must_hold(std::isfinite(value), "a number is finite");
      return std::to_string(value);
    }
    default:
      return std::to_string(static_cast<const std::uint64_t*>(vector.cells)[row]);
  }
}

// Whether it may be had where `excluded` is.
bool binds(const Known& known, const flowgauge::SchemaDefinition& definition, fg_contamination excluded) {
  const auto bound = flowgauge::bind_schema(definition, known.catalog, excluded);
  return bound && bound->columns.size() == 2;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Known known;
  flowgauge::test::InputBytes bytes(data, size);
  flowgauge::SchemaDefinition definition;
  definition.name = "s";
  definition.origin = "x";
  // Whatever it gives by itself, and as a number, which most can be; beside it a column that nothing excludes.
  const std::string expression = bytes.line();
  definition.entries = {{"own", expression, flowgauge::kOwnType}, {"one", "1", FG_U64}};
  const auto bound = flowgauge::bind_schema(definition, known.catalog, FG_REVEALS_NOTHING);
  if (!bound) {
    must_hold(bound.error().message.starts_with("x: schema 's', column 'own': "), "a refusal names its column");
    return 0;
  }
  const fg_contamination reveals = bound->columns[0].reveals;
  must_hold((reveals & ~flowgauge::kAllClasses) == 0, "what it reveals are classes");
  must_hold(binds(known, definition, flowgauge::kAllClasses & ~reveals), "what it does not reveal does not exclude it");
  if (reveals != 0) must_hold(!binds(known, definition, reveals), "what it reveals excludes it");

  flowgauge::test::KeptCells kept;
  flowgauge::ColumnBatch batch(bound->needed, kCellRows);
  flowgauge::SchemaEvaluator evaluator(*bound, batch);
  flowgauge::Arena arena;
  std::vector<std::string> first;
  for (int round = 0; round < 2; ++round) {
    batch.begin(kCellRows);
    flowgauge::test::fill_cells(batch, bound->needed, bytes, kept);
    const auto output = evaluator.evaluate(arena);
    must_hold(output && output->rows == kCellRows, "an expression gives a cell for each row");
    for (std::uint32_t row = 0; row < kCellRows; ++row) {
      std::string now = cell(output->columns[0], row);
      if (round == 0) {
        first.push_back(std::move(now));
      } else {
        must_hold(now == first[row], "the same cells give the same result");
      }
    }
  }
  return 0;
}
