// Expressions of schemas: read, bound, and run. An input is an expression, a line feed, and the cells that it meets.
#include "core/plugin/contamination_classes.h"
#include "core/table/schema.h"
#include "core/table/schema_evaluator.h"
#include "tests/fuzz/cell_block.h"
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
  flowgauge::test::CellBlock blocks[2];
  for (flowgauge::test::CellBlock& block : blocks) {
    batch.begin(kCellRows);
    flowgauge::test::fill_cells(batch, bound->needed, bytes, kept);
    const auto output = evaluator.evaluate(arena);
    must_hold(output && output->rows == kCellRows, "an expression gives a cell for each row");
    block.append(*output);
  }
  for (std::uint32_t row = 0; row < kCellRows; ++row)
    must_hold(blocks[0].bytes(row) == blocks[1].bytes(row), "the same cells give the same result");
  flowgauge::test::note_taken();
  return 0;
}
