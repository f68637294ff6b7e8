// Expressions of schemas: read, bound, and run, with a derive of the schema. An input is an expression, a line feed,
// and the cells that it meets.
#include "core/plugin/contamination_classes.h"
#include "core/table/schema.h"
#include "core/table/schema_evaluator.h"
#include "tests/fuzz/cell_block.h"
#include "tests/fuzz/cells.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::kCellRows;
using flowgauge::test::must_hold;

template <class Cell>
const Cell* input_of(const fg_derive_call& call, std::size_t at) {
  return static_cast<const Cell*>(call.inputs[at].cells);
}
template <class Cell>
Cell* output_of(const fg_derive_call& call, std::size_t at) {
  return static_cast<Cell*>(call.outputs[at].cells);
}

// Outputs that nobody wants have no cells.
fg_status derive_cells(const fg_derive_call* call) {
  for (std::uint32_t row = 0; row < call->row_count; ++row) {
    const std::uint64_t number = input_of<std::uint64_t>(*call, 0)[row];
    if (auto* const n = output_of<std::uint64_t>(*call, 0); n != nullptr && number % 3 != 0) {
      n[row] = number + input_of<fg_series>(*call, 4)[row].count;
      call->outputs[0].validity[row / 64] |= std::uint64_t{1} << (row % 64);
    }
    if (auto* const k = output_of<std::int64_t>(*call, 1)) k[row] = input_of<std::int64_t>(*call, 5)[row] / 2;
    if (auto* const f = output_of<double>(*call, 2)) f[row] = input_of<double>(*call, 2)[row] / 3;
    if (auto* const t = output_of<fg_string>(*call, 3)) t[row] = input_of<fg_string>(*call, 1)[row];
    if (auto* const l = output_of<fg_list_u64>(*call, 4)) l[row] = input_of<fg_list_u64>(*call, 3)[row];
  }
  return FG_OK;
}

// s.n (u64, may be null), s.k (i64), s.f (f64), s.t (text), s.l (list of u64).
flowgauge::Derive derive_of_schema() {
  flowgauge::Derive derive;
  derive.table.derive = derive_cells;
  derive.inputs = {{"a.u", FG_U64, 0},      {"a.t", FG_STRING, 0}, {"a.d", FG_F64, 0},
                   {"a.l", FG_LIST_U64, 0}, {"a.s", FG_SERIES, 0}, {"a.x", FG_I64, 0}};
  derive.outputs = {flowgauge::test::cell_column("n", FG_U64, FG_NULLABLE), flowgauge::test::cell_column("k", FG_I64),
                    flowgauge::test::cell_column("f", FG_F64), flowgauge::test::cell_column("t", FG_STRING),
                    flowgauge::test::cell_column("l", FG_LIST_U64)};
  return derive;
}

struct Known {
  flowgauge::Feature feature = flowgauge::test::cell_feature();
  flowgauge::Derive derive = derive_of_schema();
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
  // Whatever it gives by itself; beside it a column that nothing excludes.
  const std::string expression = bytes.line();
  definition.derives = {&known.derive};
  definition.entries = {{"own", expression, flowgauge::kOwnType}, {"one", "1", FG_U64}};
  auto bound = flowgauge::bind_schema(definition, known.catalog, FG_REVEALS_NOTHING);
  if (!bound) {
    must_hold(bound.error().message.starts_with("x: schema 's', column 'own': "), "a refusal names its column");
    return 0;
  }
  const fg_contamination reveals = bound->columns[0].reveals;
  must_hold((reveals & ~flowgauge::kAllClasses) == 0, "what it reveals are classes");
  must_hold(binds(known, definition, flowgauge::kAllClasses & ~reveals), "what it does not reveal does not exclude it");
  if (reveals != 0) must_hold(!binds(known, definition, reveals), "what it reveals excludes it");
  // And as a schema may declare it, where it can be that.
  static constexpr fg_type kDeclared[] = {FG_U64, FG_I64, FG_F64, FG_STRING, FG_BOOL};
  definition.entries.push_back({"as", expression, kDeclared[size % std::size(kDeclared)]});
  if (auto declared = flowgauge::bind_schema(definition, known.catalog, FG_REVEALS_NOTHING))
    bound = std::move(declared);

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
